using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Physical;

/// <summary>What the run time must know of a flow, read off its plan.</summary>
internal static class FlowFacts
{
    /// <param name="flow">The flow, optimized.</param>
    /// <param name="scans">Its scans by slot.</param>
    /// <param name="state">What it remembers.</param>
    /// <param name="fingerprint">Of the plan as bound.</param>
    /// <param name="origins">What its columns are made from.</param>
    public static FlowInfo Of(Flow flow, IReadOnlyList<Scan> scans, FlowState state, string fingerprint, ImmutableArray<ColumnOrigin> origins) =>
        new(flow.Name, flow.Target, flow.Kind, fingerprint, [.. scans.Select(Source)], SchemaOf(flow.Plan.Columns), flow.Origin)
        {
            Expectations = Expectations(flow),
            DependsOnTime = flow.Plan.AllNested().Any(DependsOnTime),
            TriggerInterval = flow.Settings.GetValueOrDefault("pipelines.trigger.interval"),
            Sql = flow.Sql,
            Changes = flow.Changes,
            Replaces = flow.Replaces,
            Origins = origins,
            LateTable = state.Holds.Count + state.Joins.Count == 0 ? null : LateTable(flow),
            Holds = [.. state.Holds.Select(hold => HoldOf(hold, state))],
            Joins = [.. state.Joins.Select(pairs => JoinOf(pairs, state))],
            Watermarks = [.. state.Marks.Select(m => new WatermarkInfo(m.Time.Name, m.Delay))],
        };

    /// <summary>What the position of a source is kept under.</summary>
    public static string KeyOf(PlanSource source) => Source(new Scan(source, [], [], null, SourceSpan.None), 0).Key;

    public static Schema SchemaOf(ImmutableArray<PlanColumn> columns) => new(columns.Select(c => new Field(c.Name, c.Type, c.Nullable)).ToImmutableArray());

    /// <summary>The target's rules first, then those of temporary views, each once.</summary>
    public static ImmutableArray<ExpectationInfo> Expectations(Flow flow)
    {
        var all = flow.Plan.AllNested().OfType<Expect>().SelectMany(e => e.Rules).Select(r => r.Info)
            .DistinctBy(i => (i.Dataset, i.Name)).ToList();
        return [.. all.Where(i => i.Dataset == flow.Target), .. all.Where(i => i.Dataset != flow.Target)];
    }

    /// <summary>The table's name, in the target's catalog and schema where it does not say another.</summary>
    private static QualifiedName? LateTable(Flow flow) => flow.Settings.GetValueOrDefault("lakeflow.late.table")?.Split('.') switch
    {
        [var name] => flow.Target with { Name = name },
        [var schema, var name] => flow.Target with { Schema = schema, Name = name },
        [var catalog, var schema, var name] => new QualifiedName(catalog, schema, name),
        _ => null,
    };

    private static HoldInfo HoldOf(Hold hold, FlowState state)
    {
        var columns = hold.Columns;
        return new HoldInfo(
            hold.Kind, Kept(columns),
            IndexOf(hold.Due), MeaningOf($"{hold.Kind}", hold.Meaning))
        {
            Clock = hold.Clock,
            Start = IndexOf(hold.Start),
            Keys = [.. hold.Keys.Select(IndexOf)],
            Parts = hold.Parts,
            Fields = FieldsOf(columns, state),
        };

        int IndexOf(PlanColumn? column) => column is null ? -1 : columns.IndexOf(column);
    }

    private static StreamJoinInfo JoinOf(StreamPairs pairs, FlowState state)
    {
        var (left, right) = (pairs.Left.Rows.Columns, pairs.Right.Rows.Columns);
        return new StreamJoinInfo(
            pairs.Kind, SideOf(pairs.Left, state), SideOf(pairs.Right, state),
            [.. pairs.Output.Select(c => left.Contains(c) ? left.IndexOf(c) : left.Length + right.IndexOf(c))], MeaningOf($"{pairs.Kind}", pairs.Meaning))
        {
            Clock = pairs.Clock,
        };
    }

    private static JoinSideInfo SideOf(JoinSide side, FlowState state)
    {
        var columns = side.Rows.Columns;
        return new JoinSideInfo(Kept(columns), [.. side.Keys.Select(k => columns.IndexOf(k))], side.Due is null ? -1 : columns.IndexOf(side.Due), side.Late is null ? -1 : columns.IndexOf(side.Late))
        {
            Fields = FieldsOf(columns, state),
        };
    }

    private static StateMeaning MeaningOf(string kind, KeptMeaning meaning) =>
        new(PlanFingerprint.OfText($"{kind} {meaning.Text}"), [.. meaning.Reads.Select(r => new ColumnRead(KeyOf(r.Source), r.Path))]);

    /// <summary>Columns of a state table. They have numbers for names: their own may hold what a table's may not, may be twice, and may be others tomorrow.</summary>
    private static Schema Kept(ImmutableArray<PlanColumn> columns) => new(columns.Select((c, i) => new Field(Numbered(i), c.Type)).ToImmutableArray());

    private static ImmutableArray<ColumnOrigin> FieldsOf(ImmutableArray<PlanColumn> columns, FlowState state) =>
        [.. columns.SelectMany((c, i) => state.Fields.GetValueOrDefault(c.Id, []).Select(field => field with { Column = $"{Numbered(i)}.{field.Column}" }))];

    private static string Numbered(int column) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{column}");

    private static bool DependsOnTime(LogicalPlan node) => node.Expressions().SelectMany(e => e.All()).Any(e => e switch
    {
        RunConstant { Kind: not RunConstantKind.CurrentTimeZone } => true,
        Call c => c.Function.DependsOnTime || !c.Function.IsDeterministic,
        _ => false,
    });

    private static SourceInfo Source(Scan scan, int slot)
    {
        var columns = SchemaOf(scan.Output);
        return scan.Source switch
        {
            TableSource t => new TableSourceInfo(slot, t.Table, t.Streaming, columns, scan.Pruning, scan.Origin) { Version = t.Version, AsOf = t.AsOf, Options = t.Options, Changes = t.Changes },
            PathTableSource p => new PathTableSourceInfo(slot, p.Path, p.Streaming, columns, scan.Pruning, scan.Origin) { Options = p.Options },
            FilesSource f => new FileSourceInfo(slot, f.Path, f.Format, f.Options, f.FileColumns, f.Streaming, columns, scan.Pruning, scan.Origin),
            RateSource r => new RateSourceInfo(slot, r.Options, columns, scan.Pruning, scan.Origin),
            TargetSource => new TargetSourceInfo(slot, columns, scan.Pruning, scan.Origin),
            EventLogSource => new EventLogSourceInfo(slot, columns, scan.Pruning, scan.Origin),
            _ => throw new UnreachableException(scan.Source.ToString()),
        };
    }
}
