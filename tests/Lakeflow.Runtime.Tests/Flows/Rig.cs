using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>A lakehouse in memory, files in memory, a clock by hand: an update runs in milliseconds and leaves nothing behind.</summary>
internal sealed class Rig
{
    private readonly ConcurrentDictionary<string, MemoryStore> stores = new();

    public MemoryFiles Files { get; } = new();

    public ManualTime Time { get; init; } = new();

    public Death Death { get; set; } = new();

    public List<UpdateEvent> Events { get; } = [];

    public Lakehouse Lakehouse => new("memory:", path => new FaultyStore(stores.GetOrAdd(path, p => new MemoryStore(Time, p)), Death));

    public static QualifiedName Name(string table) => new("main", "shop", table);

    public static DatasetInfo Table(string name, DatasetKind kind = DatasetKind.StreamingTable, Schema? columns = null) =>
        new(Name(name), kind, columns ?? MemoryFiles.Columns, SourceSpan.None);

    public static FileSourceInfo Files_(string path, bool streaming = true, params (string, string)[] options) => new(
        0, path, "csv", options.ToImmutableSortedDictionary(o => o.Item1, o => o.Item2), MemoryFiles.Columns, streaming, MemoryFiles.Columns, [], SourceSpan.None);

    public static TableSourceInfo From(string table, bool streaming) =>
        new(0, Name(table), streaming, MemoryFiles.Columns, [], SourceSpan.None);

    public static FlowInfo Flow(string name, string target, FlowKind kind, params SourceInfo[] sources) => new(
        name, Name(target), kind, "plan-1", [.. sources.Select((s, i) => s with { Slot = i })], MemoryFiles.Columns, SourceSpan.None);

    /// <summary>A streaming table <c>t</c> that takes all files under <c>in/</c>.</summary>
    public static PipelineInfo OneTable(params (string, string)[] options) => new(
        "test", [Table("t")], [Flow("t", "t", FlowKind.Append, Files_("in/", true, options))]);

    public UpdateResult Run(PipelineInfo pipeline, UpdateOptions? options = null, Func<FlowInfo, IFlow>? code = null, IProgress<UpdateEvent>? progress = null, CancellationToken stop = default) =>
        UpdateRunner.Run(
            new RowPipeline(pipeline, code ?? (flow => new RowFlow(flow))), Lakehouse, Files, new PathMap("/project", []),
            options ?? new UpdateOptions { Workers = 1 }, progress ?? new Sink(Events), Time, stop);

    public UpdateResult RunContinuously(PipelineInfo pipeline, IProgress<UpdateEvent> progress, CancellationToken stop, Func<FlowInfo, IFlow>? code = null, UpdateOptions? options = null) =>
        ContinuousRunner.Run(
            new RowPipeline(pipeline, code ?? (flow => new RowFlow(flow))), Lakehouse, Files, new PathMap("/project", []),
            options ?? new UpdateOptions { Workers = 1 }, progress, Time, stop);

    public long LogBytes => stores.Values.Sum(s => s.List("").Sum(o => o.Size));

    public int FileCount => stores.Values.Sum(s => s.List("").Count());

    public Snapshot Snapshot(string table) => Delta.Snapshot.Open(stores[Lakehouse.PathOf(Name(table))]);

    public FlowRecord Record(string table, string? flow = null) =>
        FlowRecord.Parse(Snapshot(table).Domains[FlowRecord.DomainPrefix + (flow ?? table)]);

    /// <summary>The rows of a table as <c>x y</c>, sorted.</summary>
    public string Rows(string table) => Rows(stores[Lakehouse.PathOf(Name(table))]);

    public IEnumerable<object?[]> Log()
    {
        foreach (var row in AllRows(stores["_lakeflow/event_log"])) yield return row;
    }

    public bool HasLog => stores.ContainsKey("_lakeflow/event_log");

    private static string Rows(IObjectStore store) => string.Join(", ", AllRows(store)
        .Select(r => $"{r[0] ?? "NULL"} {r[1] ?? "NULL"}").Order(StringComparer.Ordinal));

    private static IEnumerable<object?[]> AllRows(IObjectStore store)
    {
        using var scan = new DeltaScan(Delta.Snapshot.Open(store));
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                for (var i = 0; i < batch.Length; i++) yield return [.. batch.Columns.Select(c => c.GetValue(i))];
            }
        }
    }

    private sealed class Sink(List<UpdateEvent> events) : IProgress<UpdateEvent>
    {
        public void Report(UpdateEvent value)
        {
            lock (events) events.Add(value);
        }
    }
}
