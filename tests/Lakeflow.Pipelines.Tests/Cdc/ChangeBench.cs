using System.Globalization;
using Lakeflow.Connect.Files;
using Lakeflow.Delta;
using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>A compiled pipeline with AUTO CDC flows of all kinds over one feed of files, and a lakehouse in memory.</summary>
public sealed class ChangeBench : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
    private readonly Dictionary<string, (CompiledPipeline Pipeline, Session Session)> texts = [];
    private readonly string feed;
    private CompiledPipeline compiled;
    private Session session;
    private int files;

    public ChangeBench()
        : this(AllKinds)
    {
    }

    internal ChangeBench(string sql)
        : this(Feed, sql)
    {
    }

    /// <param name="feed">What reads the files of <c>/d/in</c>.</param>
    internal ChangeBench(string feed, string sql)
    {
        File.WriteAllText(Path.Combine(folder, "lakeflow.yml"), "name: t\nmounts:\n  /d: .\n");
        this.feed = feed;
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        DeliverLines([]);
        (compiled, session) = Compile(sql);
    }

    /// <summary>Goes on with another text over the same files.</summary>
    internal void Use(string sql) => (compiled, session) = Compile(sql);

    private (CompiledPipeline Pipeline, Session Session) Compile(string sql)
    {
        if (texts.TryGetValue(sql, out var known)) return known;
        File.WriteAllText(Path.Combine(folder, "t.lfsql"), feed + sql);
        var bag = new DiagnosticBag();
        var opened = Session.Of(Project.Open(folder, null, [], bag)!);
        var sources = opened.Check(toCode: true);
        Assert.False(sources.HasErrors, string.Join('\n', sources.Diagnostics));
        return texts[sql] = (new RoslynCompiler(PlanCache.Open()).Load(sources.Code), opened);
    }

    private const string Feed = """
        CREATE TEMPORARY VIEW feed AS SELECT * FROM STREAM read_files('/d/in', format => 'json',
          schema => 'id INT, seq INT, major INT, minor STRING, op STRING, a STRING, b INT, s STRUCT<x: INT, y: STRING>, listed ARRAY<STRING>');
        CREATE TEMPORARY VIEW events AS SELECT * FROM STREAM(feed) WHERE op <> 'T';

        """;

    private static readonly string AllKinds = $"""
        {Flow("latest", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 1")}
        {Flow("emptied", "feed", "APPLY AS TRUNCATE WHEN op = 'T'", "SEQUENCE BY STRUCT(major, minor)", "")}
        {Flow("patched", "feed", "IGNORE NULL UPDATES APPLY AS TRUNCATE WHEN op = 'T'", "SEQUENCE BY seq", "")}
        {Flow("patched_a", "events", "IGNORE NULL UPDATES ON (a)", "SEQUENCE BY seq", "")}
        {Flow("listed", "events", "", "SEQUENCE BY seq", "COLUMNS TO UPDATE listed")}
        {Flow("versions", "events", "", "SEQUENCE BY STRUCT(major, minor)", "STORED AS SCD TYPE 2")}
        {Flow("tracked", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 2 TRACK HISTORY ON (a)")}
        {Flow("patched_versions", "events", "IGNORE NULL UPDATES", "SEQUENCE BY seq", "STORED AS SCD TYPE 2")}
        {Flow("listed_versions", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 2 COLUMNS TO UPDATE listed")}
        """;

    internal static string Flow(string table, string source, string before, string sequence, string after) => $"""
        CREATE STREAMING TABLE {table};
        CREATE FLOW {table}_flow AS AUTO CDC INTO {table} FROM STREAM({source})
          KEYS (id) {before} APPLY AS DELETE WHEN op = 'D' {sequence} COLUMNS (id, a, b, s) {after};
        """;

    /// <summary>Puts a file of events down, to be read by the next update.</summary>
    internal void Deliver(IEnumerable<ChangeEvent> events) => DeliverLines(events.Select(e => e.ToJson()));

    /// <summary>The same, of lines of JSON.</summary>
    internal void DeliverLines(IEnumerable<string> lines) => File.WriteAllText(
        Path.Combine(folder, "in", string.Create(CultureInfo.InvariantCulture, $"{files++:D5}.json")), string.Concat(lines.Select(l => l + "\n")));

    /// <summary>Takes the last file away again.</summary>
    internal void TakeBack() => File.Delete(Path.Combine(folder, "in", string.Create(CultureInfo.InvariantCulture, $"{--files:D5}.json")));

    /// <summary>Takes all files away: another feed begins.</summary>
    internal void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "in"))) File.Delete(file);
    }

    internal UpdateResult Run(MemoryLake lake, Trouble? trouble = null, bool fullRefresh = false, TimeProvider? time = null, MemoryBudget? memory = null) => UpdateRunner.Run(
        compiled.Pipeline, lake.Open(trouble ?? new Trouble()), new FileSources(session.Project!.Paths), session.Project.Paths,
        new UpdateOptions { Workers = 2, FullRefreshAll = fullRefresh, LoseRows = true, Memory = memory ?? MemoryBudget.OfMachine }, time: time);

    internal UpdateResult RunWhole(MemoryLake lake, TimeProvider? time = null)
    {
        var result = Run(lake, time: time);
        Assert.True(result.State == UpdateState.Completed, string.Join("; ", result.Flows.Select(f => $"{f.Flow.Name} {f.State} {f.Error?.Message ?? f.Unexpected?.ToString()}")));
        return result;
    }

    /// <summary>Nothing but a feed, in a lake of its own, with an update after each of its batches.</summary>
    internal MemoryLake RunFeed(IEnumerable<IEnumerable<ChangeEvent>> feed)
    {
        Clear();
        var lake = new MemoryLake();
        foreach (var batch in feed)
        {
            Deliver(batch);
            RunWhole(lake);
        }

        return lake;
    }

    /// <summary>All rows of a table as text, sorted.</summary>
    internal static string Rows(MemoryLake lake, string table) => Text(RowsOf(lake.Table(table)));

    internal static string Text(IEnumerable<object?[]> rows) => string.Join('\n', rows.Select(r => Text((object?)r)).Order(StringComparer.Ordinal));

    internal static IEnumerable<object?[]> RowsOf(Snapshot table)
    {
        using var scan = new DeltaScan(table);
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                for (var i = 0; i < batch.Length; i++) yield return [.. batch.Columns.Select(c => c.GetValue(i))];
            }
        }
    }

    public void Dispose()
    {
        foreach (var text in texts.Values) text.Pipeline.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Text(object? value) => value switch
    {
        null => "NULL",
        object?[] items => "[" + string.Join(", ", items.Select(Text)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
