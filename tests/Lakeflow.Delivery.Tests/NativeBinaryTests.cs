using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Delivery.Tests;

/// <summary>The flights example as one native executable, without a warning of the trimmer or the AOT compiler.</summary>
public sealed partial class NativeBinaryTests(NativeFlights flights) : IClassFixture<NativeFlights>
{
    [NativeFact]
    public void Every_command_of_the_page_works_from_an_empty_folder_and_makes_one_file_without_a_warning()
    {
        var made = Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(flights.Binary)!));
        Assert.InRange(new FileInfo(made).Length, 1, 25_000_000);
        Assert.DoesNotContain("warning", flights.Said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(10, flights.Commands);
    }

    [NativeFact]
    public void The_binary_fills_the_same_tables_as_lakeflow_run_and_then_finds_nothing_new()
    {
        var inProcess = flights.Copy("in-process");
        var session = Session.Of(inProcess);
        Assert.Equal(UpdateState.Completed, session.Run(session.Prepare(), new UpdateOptions { Workers = 1 }, null, TimeProvider.System, default).State);

        var native = flights.Copy("native");
        var (exit, output, error) = Run(native, "run", "--workers", "1");
        Assert.True(exit == 0 && error.Length == 0, output + error);
        Assert.Contains("read 20000 ", output, StringComparison.Ordinal);

        var tables = session.Check(toCode: false).Result!.Graph!.Flows.Select(f => f.Target).Distinct().ToList();
        Assert.True(tables.Count > 5);
        foreach (var table in tables)
        {
            Assert.Equal(Rows(session, table), Rows(Session.Of(native), table));
            // Its source is filled by two flows at once: which one commits first decides in which order groups are met.
            if (table.Name != "strikes_by_species") Assert.Equal(DataFiles(inProcess, table), DataFiles(native, table));
        }

        var again = Run(native, "run", "--threads", "2");
        Assert.Equal((0, ""), (again.Exit, again.Error));
        Assert.EndsWith("nothing new\n", again.Out, StringComparison.Ordinal);

        var history = Run(native, "history", "flights_raw", "--limit", "1");
        Assert.Equal((0, ""), (history.Exit, history.Error));
        Assert.Matches(HistoryLine(), history.Out);
        var valid = Run(native, "validate");
        Assert.Equal((0, ""), (valid.Exit, valid.Error));
        Assert.Contains($"{tables.Count} tables, {tables.Count} of them in", valid.Out, StringComparison.Ordinal);
    }

    [NativeFact]
    public void It_explains_itself_as_lakeflow_explain_does()
    {
        var project = flights.Copy("explained");
        var compiled = Session.Of(project).Check(toCode: true);
        foreach (var explanation in PlanTexts.Of(compiled))
        {
            foreach (var plan in (string[])["bound", "optimized", "physical"])
            {
                var expected = new StringWriter();
                foreach (var same in PlanTexts.Of(compiled).Where(e => e.Is(explanation.Dataset))) same.Write(expected, plan, code: plan == "physical");
                var asked = Run(project, ["explain", explanation.Dataset, "--plan", plan, .. plan == "physical" ? (string[])["--code"] : []]);
                Assert.Equal((0, expected.ToString(), ""), (asked.Exit, asked.Out, asked.Error));
            }
        }
    }

    [NativeFact]
    public void Its_version_changes_with_a_source_and_not_with_its_place()
    {
        var one = flights.Copy("one");
        var version = Run(one, "--version");
        Assert.Equal(0, version.Exit);
        Assert.Contains($"sources {HashOf(one)})", version.Out, StringComparison.Ordinal);
        File.AppendAllText(Path.Combine(one.Root, "bronze", "flights.lfsql"), "-- changed\n");
        Assert.DoesNotContain(HashOf(one), version.Out, StringComparison.Ordinal);
    }

    [NativeFact]
    public void Two_at_once_share_the_work_and_no_row_comes_twice()
    {
        var project = flights.Copy("twice");
        var first = Task.Run(() => Run(project, "run"));
        var second = Task.Run(() => Run(project, "run"));
        foreach (var (exit, output, error) in new[] { first.GetAwaiter().GetResult(), second.GetAwaiter().GetResult() })
        {
            // The one that comes second to a commit says so, and nothing else, or finds nothing left to do.
            Assert.True(exit == (error.Length == 0 ? 0 : 1), output + error);
            Assert.All(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(": error LF5051: ", line, StringComparison.Ordinal));
        }

        var after = Run(project, "run");
        Assert.True(after.Exit == 0, after.Out + after.Error);
        Assert.Equal(20_000, Rows(Session.Of(project), new QualifiedName("main", "flights", "flights_raw")).Count);
    }

    [NativeFact]
    public void What_does_not_fit_is_told_with_a_code_and_no_trace()
    {
        var project = flights.Copy("unfit");
        Says(Run(project, "fly"), 2, "LF0002", "There is no command 'fly'");
        Says(Run(project, "run", "--speed", "9"), 2, "LF0002", "'--speed 9' is not understood by run");
        Says(Run(project, "--set", "a=b"), 2, "LF0002", "'--set' says was settled when this program was built");
        Says(Run(project, "run", "--watch"), 2, "LF0002", "'dotnet watch run' follow their changes");
        Says(Run(project, "history", "flights_raw"), 2, "LF0033", "'flights run' makes it");
        Says(Run(project, "explain", "trains"), 2, "LF0030", "no dataset 'trains'");
        Says(Run(project, "run", "--refresh", "trains"), 2, "LF5058", "no table 'trains'");
        Says(Run(project, "run", "--lakehouse", ""), 2, "LF0002", "'--lakehouse' has an empty value");
        Directory.Move(Path.Combine(project.Root, "data"), Path.Combine(project.Root, "elsewhere"));
        Says(Run(project, "validate"), 2, "LF7011", "bronze/");
        File.WriteAllText(Path.Combine(project.Root, "a-file"), "");
        Says(Tool.Run(project.Root, flights.Binary, "run", "--lakehouse", Path.Combine(project.Root, "a-file")), 3, "LF6069", "a-file");
    }

    [NativeFact]
    public void It_sees_other_pipelines_tables_and_other_columns_before_it_runs()
    {
        var project = flights.Copy("changed");
        Assert.Equal(0, Run(project, "run").Exit);
        var strikes = Path.Combine(project.Root, "data", "birdstrikes.csv");
        var text = File.ReadAllText(strikes);
        File.WriteAllText(strikes, text.Replace(",Origin State,", ",Province,", StringComparison.Ordinal));
        Says(Run(project, "validate"), 2, "LF5068", "/birdstrikes.csv has other columns than those this program was built for: Origin State STRING is gone, Province STRING is new");
        File.WriteAllText(strikes, text);
        Assert.Equal(0, Run(project, "validate").Exit);

        var file = Path.Combine(project.Root, "lakeflow.yml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("name: flights", "name: trains", StringComparison.Ordinal));
        var renamed = Tool.Run(project.Root, Tool.Host, ["exec", Tool.Lakeflow, "run"]);
        Says(renamed, 2, "LF5067", "(of the pipeline flights)");
        Assert.Equal(0, Tool.Run(project.Root, Tool.Host, ["exec", Tool.Lakeflow, "run", "--adopt", "airports,bird_strikes_raw,flights_raw,flights,bird_strikes,delays_by_airport,late_by_state,strikes_by_species"]).Exit);
        Says(Run(project, "run"), 2, "LF5067", "(of the pipeline trains)");
        Says(Run(project, "validate"), 2, "LF5067", "(of the pipeline trains)");
    }

    [NativeFact]
    public void A_flow_tells_when_its_first_rows_are_read()
    {
        var (exit, output, _) = Run(flights.Copy("first"), "run", "--output", "json");
        Assert.Equal(0, exit);
        var states = output.Split('\n').Where(l => l.Contains("\"flow\":\"flights_raw\"", StringComparison.Ordinal)).Select(l => StateOf().Match(l).Groups[1].Value).ToList();
        Assert.Equal(["STARTING", "RUNNING"], states.Take(2));
        Assert.Equal("COMPLETED", states[^1]);
    }

    private static void Says((int Exit, string Out, string Error) told, int exit, string code, string words)
    {
        Assert.True(told.Exit == exit, $"exit {told.Exit}\n{told.Out}{told.Error}");
        Assert.Contains(code, told.Error, StringComparison.Ordinal);
        Assert.Contains(words, told.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", told.Error, StringComparison.Ordinal);
    }

    /// <summary>In a copy's folder, where its own mounts and lakehouse hold.</summary>
    private (int Exit, string Out, string Error) Run(Project copy, params ReadOnlySpan<string> words) => Tool.Run(copy.Root, flights.Binary, words);

    private static string HashOf(Project project)
    {
        var compiled = Session.Of(project, cache: null).Check(toCode: true);
        return project.HostIn("x", compiled).SourceHash;
    }

    /// <summary>Digests of a table's data files.</summary>
    private static List<string> DataFiles(Project project, QualifiedName table) =>
        [.. Directory.GetFiles(project.OpenLakehouse().Table(table).Location, "*.parquet").Select(f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))).Order(StringComparer.Ordinal)];

    /// <summary>A table's rows as text, in one order.</summary>
    private static List<string> Rows(Session session, QualifiedName table)
    {
        var compiled = session.PrepareQuery($"SELECT * FROM {table}");
        Assert.False(compiled.HasErrors, string.Join('\n', compiled.Diagnostics));
        using var result = session.Query(compiled, TimeProvider.System, long.MaxValue, default);
        var rows = new List<string>();
        foreach (var batch in result.Batches)
        {
            for (var row = 0; row < batch.Length; row++)
                rows.Add(string.Join('|', batch.Columns.Select(c => Convert.ToString(c.GetValue(row), CultureInfo.InvariantCulture) ?? "NULL")));
        }

        Assert.NotEmpty(rows);
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    [GeneratedRegex("\"state\":\"([A-Z]+)\"")]
    private static partial Regex StateOf();

    [GeneratedRegex(@"^ +\d+  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  STREAMING UPDATE .*flights_raw  20000 rows  \S+.*\n$")]
    private static partial Regex HistoryLine();
}
