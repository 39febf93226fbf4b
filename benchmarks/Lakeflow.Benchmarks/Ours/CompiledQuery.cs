using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Connect.Files;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Benchmarks.Ours;

/// <summary>SQL through the whole compiler: text, plan, C#, Roslyn. Nothing here is written for one query.</summary>
internal sealed class CompiledQuery
{
    private static readonly PathMap Paths = new(Environment.CurrentDirectory.Replace('\\', '/'), []);
    private static readonly RunConstants Constants = new(1_700_000_000_000_000, SessionZone.Utc);

    private readonly IReadOnlyDictionary<string, MemoryTable> tables;
    private readonly FileSources files = new(Paths);
    private readonly IPipeline pipeline;
    private readonly int flow;

    /// <param name="sql">A query; or a pipeline, of which the last flow is run.</param>
    /// <param name="tables">Tables in memory by name. Others come from files.</param>
    /// <param name="isQuery">False for a pipeline.</param>
    public CompiledQuery(string sql, IReadOnlyDictionary<string, MemoryTable> tables, bool isQuery = true)
    {
        this.tables = tables;
        var bag = new DiagnosticBag();
        var result = Compilation.Compile([new SourceText("", sql)], new Catalog(tables), new CompileOptions(new ProjectDefaults("benchmark")) { IsQuery = isQuery });
        bag.AddRange(result.Diagnostics);
        if (!bag.HasErrors)
        {
            var physical = PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag);
            if (!bag.HasErrors)
            {
                Code = CSharpEmitter.Emit(physical);
                pipeline = new RoslynCompiler().Load(Code).Pipeline;
                flow = pipeline.Info.Flows.Length - 1;
                return;
            }
        }

        throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
    }

    /// <summary>What the compiler wrote.</summary>
    public ImmutableArray<GeneratedFile> Code { get; }

    /// <summary>Runs it; the rows.</summary>
    public IReadOnlyList<object?[]> Run(int threads) => Run(threads, out _);

    /// <summary>Runs it; the rows, and what was counted on the way.</summary>
    public IReadOnlyList<object?[]> Run(int threads, out FlowCounts counts)
    {
        var sinks = Enumerable.Range(0, threads).Select(_ => new Collector()).ToArray();
        counts = Run(threads, worker => sinks[worker]);
        var rows = new List<object?[]>();
        foreach (var batch in sinks.SelectMany(s => s.Batches).OrderBy(b => b.Ordinal))
        {
            using (batch)
            {
                for (var r = 0; r < batch.Length; r++) rows.Add([.. batch.Columns.Select((c, i) => ValueOf(batch.Schema[i].Type, c.GetValue(r)))]);
            }
        }

        return rows;
    }

    /// <summary>Runs it into sinks.</summary>
    public FlowCounts Run(int threads, Func<int, IBatchSink> sinkOf)
    {
        var code = pipeline.CreateFlows()[flow];
        using var run = new FlowRun(code.Info, Constants, threads, slot => Open(code.Info.Sources[slot]), sinkOf, CancellationToken.None);
        code.Run(run);
        return run.Counts;
    }

    public Schema Output => pipeline.Info.Flows[flow].Output;

    private IBatchSource Open(SourceInfo source) => source switch
    {
        TableSourceInfo table => tables[table.Table.Name].Open(table.Columns),
        FileSourceInfo file => files.Open(file, files.List(file)),
        _ => throw new InvalidOperationException(source.ToString()),
    };

    private static object? ValueOf(DataType type, object? value) => (type, value) switch
    {
        (DecimalType d, Int128 unscaled) => DecimalMath.Text(unscaled, d.Scale),
        (DateType, int days) => DateOnly.FromDayNumber(days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        _ => value,
    };

    private sealed class Collector : IBatchSink
    {
        public List<RecordBatch> Batches { get; } = [];

        public void Write(RecordBatch rows) => Batches.Add(rows.WithSchema(rows.Schema));
    }

    private sealed class Catalog(IReadOnlyDictionary<string, MemoryTable> tables) : ICatalog
    {
        private readonly LiveCatalog live = new(null, [], Paths);

        public IEnumerable<QualifiedName> Tables => tables.Keys.Select(name => new QualifiedName("main", "default", name));

        public Schema? FindTable(QualifiedName name) => tables.GetValueOrDefault(name.Name)?.Schema;

        public long? SizeOfTable(QualifiedName name) => tables.GetValueOrDefault(name.Name)?.Size;

        public Schema? FindPathTable(string path) => live.FindPathTable(path);

        public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag) => live.ResolveFiles(request, bag);
    }
}
