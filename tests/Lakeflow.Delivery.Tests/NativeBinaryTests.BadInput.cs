using System.Text.RegularExpressions;
using Lakeflow.Cli.Tests.Processes;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Delivery.Tests;

/// <summary>What an executable answers where things are not as they should be: what <c>lakeflow</c> does, and never a stack trace.</summary>
public sealed partial class NativeBinaryTests
{
    [NativeFact]
    public void Before_the_first_run_all_commands_answer_and_make_nothing()
    {
        var project = flights.Copy("empty");
        Says(Run(project, "history", "flights"), 2, "LF0033", "There is no table flights in");
        Says(Run(project, "history", "event_log"), 2, "LF0033", "There is no table event_log in");
        Assert.Equal((0, ""), (Run(project, "explain") is var (exit, _, error) ? exit : -1, error));
        var valid = Run(project, "validate");
        Assert.Equal((0, ""), (valid.Exit, valid.Error));
        Assert.Contains("8 tables, 0 of them in", valid.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(project.Settings.Lakehouse));
    }

    [NativeFact]
    public void A_folder_of_sources_that_is_missing_fails_its_flows_and_those_behind_them()
    {
        var project = flights.Copy("no-sources");
        Directory.Delete(Path.Combine(project.Root, "data"), recursive: true);
        var (exit, output, error) = Run(project, "run");
        Assert.Equal(1, exit);
        Assert.Equal(3, error.Split(": error LF7011: [PATH_NOT_FOUND] ").Length - 1);
        Assert.Equal(3, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("flights SKIPPED failed before it: ", output, StringComparison.Ordinal);
    }

    [NativeFact]
    public void A_place_that_cannot_be_written_is_trouble_of_the_machine()
    {
        var project = flights.Copy("unwritable");
        // Nobody makes folders there, not even root.
        Says(Run(project, "run", "--lakehouse", "/proc/lakehouse"), 3, "LF6069", "/proc/lakehouse");
        var file = Path.Combine(project.Root, "lakeflow.yml");
        Says(Run(project, "validate", "--lakehouse", file), 2, "LF6069", "it is a file, and a lakehouse is a folder");
        Says(Run(project, "validate", "--lakehouse", Path.Combine(file, "below")), 2, "LF6069", "lakeflow.yml is a file, and a lakehouse is a folder");
    }

    [NativeFact]
    public void A_disk_that_takes_no_more_fails_what_it_is_too_small_for_and_the_next_run_does_the_rest()
    {
        var project = flights.Copy("small");
        // Files of up to 50 kB, which is what a shell can say of a disk without being root.
        var (exit, _, error) = Tool.Run(project.Root, "sh", "-c", $"trap '' XFSZ; ulimit -f 100; exec '{flights.Binary}' run");
        Assert.Equal(1, exit);
        var told = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(told);
        Assert.All(told, line => Assert.Contains(".parquet cannot be written: ", line, StringComparison.Ordinal));
        Assert.All(told, line => Assert.Contains(".lfsql(2,1): error LF6069: ", line, StringComparison.Ordinal));
        Assert.Equal(0, Run(project, "run").Exit);
        Assert.EndsWith("nothing new\n", Run(project, "run").Out, StringComparison.Ordinal);
        Assert.Equal(20_000, Rows(Session.Of(project), new QualifiedName("main", "flights", "flights_raw")).Count);
    }

    [NativeFact]
    public void A_reader_that_goes_away_does_not_stop_an_update()
    {
        var project = flights.Copy("unread");
        using (var run = new StartedProcess(flights.Binary, "run", "--root", project.Root, "--lakehouse", project.Settings.Lakehouse, "--output", "json"))
        {
            Assert.Contains("INITIALIZING", run.Out.ReadLine(), StringComparison.Ordinal);
            run.Out.Close();
            Assert.Equal("", run.Errors);
            Assert.Equal(0, run.WaitForExit());
        }

        Assert.EndsWith("nothing new\n", Run(project, "run").Out, StringComparison.Ordinal);
    }

    [NativeFact]
    public void Output_that_cannot_be_written_is_told_and_the_update_is_whole()
    {
        var project = flights.Copy("full");
        foreach (var output in (string[])["text", "json"])
        {
            var run = Tool.Run(project.Root, "sh", "-c", $"exec '{flights.Binary}' run --full-refresh-all --yes --output {output} > /dev/full");
            Says(run, 3, "LF0003", "No space left on device");
        }

        // An error stream that takes nothing either changes the exit code in no way.
        Assert.Equal(2, Tool.Run(project.Root, "sh", "-c", $"exec '{flights.Binary}' fly > /dev/full 2> /dev/full").Exit);
        Assert.EndsWith("nothing new\n", Run(project, "run").Out, StringComparison.Ordinal);
    }

    [NativeFact]
    public void Streams_that_were_closed_and_a_folder_that_was_removed_do_no_harm()
    {
        var project = flights.Copy("closed");
        Assert.Equal((0, "", ""), Tool.Run(project.Root, "sh", "-c", $"exec '{flights.Binary}' run <&- >&-"));
        Assert.Equal((2, "", ""), Tool.Run(project.Root, "sh", "-c", $"exec '{flights.Binary}' fly <&- 2>&-"));
        Assert.EndsWith("nothing new\n", Run(project, "run").Out, StringComparison.Ordinal);
        Says(Tool.Run(project.Root, "sh", "-c", $"mkdir gone && cd gone && rmdir ../gone && exec '{flights.Binary}' run"), 3, "LF0062", "is not there any more");
    }

    [NativeFact]
    public void A_terminal_of_twenty_columns_shows_the_lines_of_a_pipe()
    {
        var project = flights.Copy("narrow");
        Assert.Equal(0, Run(project, "run").Exit);
        foreach (var words in (string[])["run", "validate", "history flights_raw", "--help"])
        {
            var piped = Run(project, words.Split(' '));
            // The pseudo-terminal that script makes is as narrow as it is told to be.
            var shown = Tool.Run(project.Root, "/usr/bin/script", "-qfec", $"stty cols 20 rows 10; exec '{flights.Binary}' {words}", "/dev/null");
            Assert.Equal((0, ""), (shown.Exit, shown.Error));
            Assert.Equal(Lines(piped.Out), Lines(KeypadMode().Replace(shown.Out, "")));
        }
    }

    /// <summary>Without times, and in one order: flows end in any.</summary>
    private static IEnumerable<string> Lines(string text) => Clock().Replace(text.ReplaceLineEndings("\n"), "").Split('\n').Order(StringComparer.Ordinal);

    /// <summary>With it .NET begins at every terminal.</summary>
    [GeneratedRegex(@"\e\[\?1h\e=")]
    private static partial Regex KeypadMode();

    [GeneratedRegex(@"^\d\d:\d\d:\d\d (update [0-9a-f]{8} )?", RegexOptions.Multiline)]
    private static partial Regex Clock();
}
