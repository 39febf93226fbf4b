using System.Globalization;
using Lakeflow.Runtime.CommandLine;
using Lakeflow.Runtime.Flows;
using Spectre.Console;

namespace Lakeflow.Cli.Output;

/// <summary>A table that is redrawn while flows run: state, rows read and written, rows per second, verdicts.</summary>
internal sealed class LiveTable : IProgressView
{
    /// <summary>Columns of a terminal: in fewer, names and states would be broken into letters.</summary>
    private const int Narrowest = 72;

    private readonly Lock gate = new();
    private readonly List<FlowProgress> flows = [];
    private readonly Terminal terminal;
    private readonly ManualResetEventSlim done = new();
    private readonly Thread drawing;

    /// <summary>Whether somebody looks at it, in a window that is wide enough.</summary>
    public static bool Fits(Terminal terminal) => terminal.IsInteractive && terminal.Width >= Narrowest;

    public LiveTable(Terminal terminal)
    {
        this.terminal = terminal;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = terminal.UseColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(terminal.Out),
        });
        drawing = new Thread(() => Draw(console)) { IsBackground = true };
        drawing.Start();
    }

    public void Report(UpdateEvent value)
    {
        if (value is not FlowProgress flow) return;
        lock (gate)
        {
            var at = flows.FindIndex(f => f.Flow.Name == flow.Flow.Name);
            if (at < 0) flows.Add(flow);
            else flows[at] = flow;
        }
    }

    public void Dispose()
    {
        done.Set();
        drawing.Join();
        done.Dispose();
    }

    private void Draw(IAnsiConsole console) => console.Live(Make()).Start(live =>
    {
        bool last;
        do
        {
            last = done.Wait(TimeSpan.FromMilliseconds(100));
            live.UpdateTarget(Make());
            live.Refresh();
        }
        while (!last);
    });

    private Table Make()
    {
        // Without lines between columns eight of them fit into 80 characters.
        var table = new Table { Border = terminal.UseUnicode ? TableBorder.Simple : TableBorder.Ascii2 };
        table.AddColumn(Column("flow")).AddColumn(Column("state"));
        foreach (var column in (string[])["read", "written", "rows/s", "pass", "fail", "drop"]) table.AddColumn(Column(column).RightAligned());
        lock (gate)
        {
            foreach (var flow in flows)
            {
                var seconds = flow.Elapsed.TotalSeconds;
                table.AddRow(
                    Markup.Escape(flow.Flow.Name), State(flow.State), Number(flow.Counts.Read), Number(flow.Counts.Written + flow.Counts.Upserted),
                    seconds > 0.001 ? Number((long)(flow.Counts.Read / seconds)) : "",
                    Number(flow.Counts.Expectations.Sum(e => e.Passed)), Number(flow.Counts.Expectations.Sum(e => e.Failed)), Number(flow.Counts.Dropped));
            }
        }

        return table;
    }

    private static TableColumn Column(string title) => new TableColumn(title).NoWrap().PadLeft(0).PadRight(1);

    private static string State(FlowState state)
    {
        var color = state switch
        {
            FlowState.Completed => "green",
            FlowState.Failed => "red",
            FlowState.Skipped or FlowState.Stopped => "yellow",
            FlowState.Running or FlowState.Starting => "blue",
            _ => "grey",
        };
        return $"[{color}]{state.ToString().ToLowerInvariant()}[/]";
    }

    /// <summary>Six characters at the most: 99,999, 125k, 3.1M.</summary>
    private static string Number(long number) => number switch
    {
        0 => "",
        < 100_000 => number.ToString("N0", CultureInfo.InvariantCulture),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1000}k"),
        < 100_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.0}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000_000:N0}M"),
    };
}
