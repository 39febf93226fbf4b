using System.Globalization;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Repl;

/// <summary>Tells how far a statement is if it takes more than a second, on one row of the terminal, which is empty again behind it.</summary>
internal sealed class Progress : IProgress<UpdateEvent>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.25);

    private readonly Lock gate = new();
    private readonly Terminal terminal;
    private readonly Dictionary<string, FlowProgress> flows = [];
    private readonly ITimer? timer;
    private readonly long started;
    private FlowCounts? counts;
    private bool isHidden;
    private bool isShown;

    public Progress(Terminal terminal)
    {
        this.terminal = terminal;
        started = terminal.Time.GetTimestamp();
        if (terminal.IsInteractive) timer = terminal.Time.CreateTimer(_ => Show(), null, Patience, Pace);
    }

    /// <summary>The query runs, and this is what it counts.</summary>
    public void Watch(FlowCounts running)
    {
        lock (gate) counts = running;
    }

    /// <summary>An update moves on.</summary>
    public void Report(UpdateEvent value)
    {
        if (value is not FlowProgress flow) return;
        lock (gate) flows[flow.Flow.Name] = flow;
    }

    /// <summary>Something else is shown now: the row is erased, and stays so.</summary>
    public void Hide()
    {
        lock (gate)
        {
            isHidden = true;
            if (isShown) terminal.Out.Write("\r\u001b[K");
            isShown = false;
        }
    }

    /// <summary>Waiting goes on.</summary>
    public void Wait()
    {
        lock (gate) isHidden = false;
    }

    public void Dispose()
    {
        timer?.Dispose();
        Hide();
    }

    private void Show()
    {
        lock (gate)
        {
            if (isHidden) return;
            var seconds = terminal.Time.GetElapsedTime(started).TotalSeconds;
            var text = string.Create(CultureInfo.InvariantCulture, $"{Done(seconds)}{seconds:0.0} s");
            terminal.Out.Write($"\r{(text.Length < terminal.Width ? text : text[..Math.Max(0, terminal.Width - 1)])}\u001b[K");
            terminal.Out.Flush();
            isShown = true;
        }
    }

    /// <summary>What is read tells most; a flow that makes its rows itself, of <c>range()</c>, knows how many there will be.</summary>
    private string Done(double seconds)
    {
        var read = counts?.Read ?? flows.Values.Sum(f => f.Counts.Read);
        if (read > 0) return string.Create(CultureInfo.InvariantCulture, $"{read:N0} rows read, {read / seconds:N0} rows/s, ");
        var made = counts?.Made ?? flows.Values.Sum(f => f.Made);
        return made > 0 ? string.Create(CultureInfo.InvariantCulture, $"{made:N0} of {counts?.ToMake ?? flows.Values.Sum(f => (decimal)f.ToMake):N0} rows, {made / seconds:N0} rows/s, ") : "Working, ";
    }
}
