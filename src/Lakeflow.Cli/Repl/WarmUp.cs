using Lakeflow.Pipelines;

namespace Lakeflow.Cli.Repl;

/// <summary>While a person types, the machine is idle: the compilers load what a first statement needs, and look at the project. A statement from the plan cache has the machine for itself.</summary>
/// <param name="time">The clock.</param>
/// <param name="behind">What is done once, behind all that; null for nothing.</param>
internal sealed class WarmUp(TimeProvider time, Action? behind = null) : IDisposable
{
    /// <summary>Who types nothing for so long is no program, and will need longer for a statement.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.05);

    /// <summary>First what every query needs, then what many need.</summary>
    private static readonly string[] Queries =
    [
        "SELECT 1 AS one",
        "SELECT k, count(*) AS n, sum(v) AS total FROM VALUES ('a', 1.5), ('b', 2.5) AS t(k, v) WHERE v > 0 AND k LIKE 'a%' GROUP BY k ORDER BY n DESC",
    ];

    private CancellationTokenSource? running;
    private volatile int done;
    private volatile bool isRehearsed;

    /// <param name="isIdle">True while a key is waited for; false where a statement is compiled, whose front end and the C# compiler load side by side.</param>
    public void Begin(bool isIdle)
    {
        if (running is not null || done > Queries.Length) return;
        running = new CancellationTokenSource();
        var stop = running.Token;
        _ = Task.Run(() => Run(isIdle, stop), CancellationToken.None);
    }

    /// <summary>A statement begins. What was begun is left, and begun again at the next key; what it has loaded stays.</summary>
    public void Leave()
    {
        running?.Cancel();
        running?.Dispose();
        running = null;
    }

    public void Dispose() => Leave();

    private async Task Run(bool isIdle, CancellationToken stop)
    {
        try
        {
            await Task.Delay(isIdle ? Patience : TimeSpan.Zero, time, stop).ConfigureAwait(false);
            var session = Session.WithoutProject(Directory.GetCurrentDirectory());
            // What is in the plan cache from a prompt of before shows the runtime first what a query needs of it: a tenth of the time that the compilers take.
            if (isIdle && !isRehearsed) Rehearse(session, isFirst: true, stop);
            for (var n = done; n < Queries.Length; n++)
            {
                var compiled = session.CheckQuery(Queries[n]);
                stop.ThrowIfCancellationRequested();
                if (!compiled.HasErrors) RoslynCompiler.Compile(compiled.Code, stop);
                done = n + 1;
            }

            if (!isIdle) return;
            stop.ThrowIfCancellationRequested();
            if (!isRehearsed) Rehearse(session, isFirst: false, stop);
            done = Queries.Length + 1;
            behind?.Invoke();
        }
        catch (OperationCanceledException)
        {
            // Left for a statement.
        }
    }

    /// <summary>Runs the last query and draws its rows where nobody sees them.</summary>
    private void Rehearse(Session session, bool isFirst, CancellationToken stop)
    {
        var prepared = session.PrepareQuery(Queries[^1]);
        if (prepared.HasErrors || (isFirst && !prepared.FromCache)) return;
        var unseen = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, Directory.GetCurrentDirectory(), stop);
        using var progress = new Progress(unseen);
        var box = new BoxRows(unseen, session.Zone, pager: null, progress);
        box.End(session.Query(prepared, time, box.Write, box.MostRows, progress.Watch, stop));
        isRehearsed = true;
    }
}
