using Lakeflow.Pipelines;

namespace Lakeflow.Cli.Repl;

/// <summary>While a person types, the machine is idle: the compilers load what a first statement needs. A statement from the plan cache has the machine for itself.</summary>
internal sealed class WarmUp(TimeProvider time) : IDisposable
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

    /// <param name="isIdle">True while a key is waited for; false where a statement is compiled, whose front end and the C# compiler load side by side.</param>
    public void Begin(bool isIdle)
    {
        if (running is not null || done == Queries.Length) return;
        running = new CancellationTokenSource();
        var stop = running.Token;
        _ = Task.Run(() => Run(isIdle ? Patience : TimeSpan.Zero, stop), CancellationToken.None);
    }

    /// <summary>A statement begins. What was begun is left, and begun again at the next key; what it has loaded stays.</summary>
    public void Leave()
    {
        running?.Cancel();
        running?.Dispose();
        running = null;
    }

    public void Dispose() => Leave();

    private async Task Run(TimeSpan patience, CancellationToken stop)
    {
        try
        {
            await Task.Delay(patience, time, stop).ConfigureAwait(false);
            var session = Session.WithoutProject(Directory.GetCurrentDirectory());
            for (var n = done; n < Queries.Length; n++)
            {
                var compiled = session.CheckQuery(Queries[n]);
                stop.ThrowIfCancellationRequested();
                if (!compiled.HasErrors) RoslynCompiler.Compile(compiled.Code, stop);
                done = n + 1;
            }
        }
        catch (OperationCanceledException)
        {
            // Left for a statement.
        }
    }
}
