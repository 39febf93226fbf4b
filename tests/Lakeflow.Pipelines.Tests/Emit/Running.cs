using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Compiles a plan and runs it over rows in memory.</summary>
internal static class Running
{
    public static ImmutableArray<GeneratedFile> Compile(LogicalPlan plan)
    {
        var bag = new DiagnosticBag();
        var physical = PhysicalPlanner.Plan(plan.Graph(), null, "UTC", bag);
        Assert.False(bag.HasErrors, string.Join('\n', bag.ToImmutable()));
        return CSharpEmitter.Emit(physical);
    }

    /// <summary>The rows of a plan, in order; each source given as rows of boxed values, cut into batches of <paramref name="batch"/> rows.</summary>
    public static List<object?[]> Rows(LogicalPlan plan, object?[][][] sources, int workers = 1, int batch = 3, bool dictionaries = false) =>
        Run(plan, sources, out _, workers, batch, dictionaries);

    public static List<object?[]> Run(LogicalPlan plan, object?[][][] sources, out FlowRun run, int workers = 1, int batch = 3, bool dictionaries = false)
    {
        using var compiled = Load(plan);
        return Run(compiled, sources, out run, workers, batch, dictionaries);
    }

    /// <summary>Compiles without a warning, and loads.</summary>
    public static CompiledPipeline Load(LogicalPlan plan)
    {
        var files = Compile(plan);
        var warnings = RoslynCompiler.Check(files);
        Assert.True(warnings.IsEmpty, string.Join('\n', warnings) + "\n" + string.Join('\n', files.Select(f => f.Text)));
        return new RoslynCompiler().Load(files);
    }

    /// <summary>The rows of a compiled plan, in the order of its batches.</summary>
    public static List<object?[]> Run(CompiledPipeline compiled, object?[][][] sources, out FlowRun run, int workers, int batch, bool dictionaries)
    {
        var flow = compiled.Pipeline.CreateFlows()[0];
        var output = new BatchBuffer(flow.Info.Output, workers);
        run = new FlowRun(
            flow.Info, new RunConstants(1_700_000_000_000_000, SessionZone.Utc), workers,
            slot => Source(flow.Info.Sources[slot].Columns, sources[slot], batch, dictionaries), output.Worker, CancellationToken.None);
        flow.Run(run);
        var rows = new List<object?[]>();
        foreach (var part in output.InOrder())
        {
            Assert.Equal(flow.Info.Output.Fields.Select(f => (f.Name, f.Type)), part.Schema.Fields.Select(f => (f.Name, f.Type)));
            for (var i = 0; i < part.Length; i++) rows.Add([.. part.Columns.Select(c => c.GetValue(i))]);
        }

        return rows;
    }

    /// <summary>Every null variant, dictionary or plain, one worker and several: the same rows in any order.</summary>
    public static void Gives(LogicalPlan plan, object?[][][] sources, IEnumerable<object?[]> expected)
    {
        var want = Text(expected);
        using var compiled = Load(plan);
        foreach (var (workers, dictionaries) in new[] { (1, false), (1, true), (3, false) })
            Assert.Equal(want, Text(Run(compiled, sources, out _, workers, 3, dictionaries)));
    }

    public static List<string> Text(IEnumerable<object?[]> rows) => [.. rows.Select(r => string.Join(" | ", r.Select(Show))).Order(StringComparer.Ordinal)];

    private static string Show(object? value) => value switch
    {
        null => "NULL",
        object?[] items => $"[{string.Join(", ", items.Select(Show))}]",
        IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static BatchSource Source(Schema schema, object?[][] rows, int batch, bool dictionaries)
    {
        var batches = rows.Chunk(batch).Select((part, number) => new RecordBatch(
            schema, [.. schema.Fields.Select((f, c) => Column(f.Type, [.. part.Select(r => r[c])], dictionaries))], part.Length)
        {
            Ordinal = (long)number << 32,
            Origin = new RowOrigin("orders.csv", number * batch),
        }).ToList();
        return new BatchSource(schema, batches);
    }

    private static ArrowArray Column(DataType type, object?[] values, bool dictionary)
    {
        var builder = ArrayBuilder.Create(type);
        if (!dictionary || type.IsNested)
        {
            foreach (var value in values) builder.AppendValue(value);
            return builder.Build();
        }

        var distinct = values.Where(v => v is not null).Distinct().ToList();
        foreach (var value in distinct) builder.AppendValue(value);
        var codes = new PrimitiveBuilder<int>(DataType.Int32);
        foreach (var value in values)
        {
            if (value is null) codes.AppendNull();
            else codes.Append(distinct.IndexOf(value));
        }

        return new DictionaryArray((PrimitiveArray<int>)codes.Build(), builder.Build());
    }
}
