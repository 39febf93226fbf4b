using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>What the run time is told of flows and datasets, as C# constants.</summary>
internal static class InfoLiterals
{
    /// <param name="code">Types whose methods the query calls.</param>
    public static void Write(CodeWriter text, FlowInfo info, IEnumerable<string> code)
    {
        text.Line($"public static readonly FlowInfo Facts = new({CSharpLiteral.Of(info.Name)}, {Of(info.Target)}, FlowKind.{info.Kind}, {CSharpLiteral.Of(info.PlanFingerprint)},");
        using (text.Indent())
        {
            List(text, info.Sources.Select(Of), ",");
            text.Line(Schema(info.Output, 8) + ",");
            text.Line(Of(info.Origin) + ")");
        }

        using (text.Braces(null, "};"))
        {
            if (!info.Expectations.IsEmpty)
            {
                text.Line("Expectations =");
                List(text, info.Expectations.Select(Of), ",");
            }

            text.Line($"DependsOnTime = {CSharpLiteral.Of(info.DependsOnTime)},");
            Write(text, "CalledCode", code.Select(type => $"typeof({type}).Module.ModuleVersionId"));
            if (info.TriggerInterval is { } interval) text.Line($"TriggerInterval = {CSharpLiteral.Of(interval)},");
            text.Line($"Sql = {CSharpLiteral.Of(info.Sql)},");
            if (info.Changes is not null) Write(text, info.Changes);
            if (info.Replaces is { } replaces) text.Line($"Replaces = new ReplaceInfo({Names(replaces.Keys)}, {CSharpLiteral.Of(replaces.Sequence, "null")}),");
            Write(text, "Origins", info.Origins.Select(Of));
            if (info.LateTable is { } late) text.Line($"LateTable = {Of(late)},");
            Write(text, "Holds", info.Holds.Select(Of));
            Write(text, "Joins", info.Joins.Select(Of));
            Write(text, "Watermarks", info.Watermarks.Select(m => $"new WatermarkInfo({CSharpLiteral.Of(m.Column)}, {CSharpLiteral.Of(m.Delay)})"));
        }
    }

    private static void Write(CodeWriter text, ChangesInfo info)
    {
        using (text.Braces($"Changes = new ChangesInfo(ScdType.{info.Scd}, {Names(info.Keys)})", "},"))
        {
            if (!info.Tracked.IsEmpty) text.Line($"Tracked = {Names(info.Tracked)},");
            if (!info.IgnoreNull.IsEmpty) text.Line($"IgnoreNull = {Names(info.IgnoreNull)},");
            if (info.ListsColumns) text.Line("ListsColumns = true,");
            if (info.FromSnapshots) text.Line("FromSnapshots = true,");
            if (info.SnapshotsByTime) text.Line("SnapshotsByTime = true,");
            if (!info.Partial.IsEmpty) text.Line($"Partial = {Names(info.Partial)},");
        }
    }

    private static void Write(CodeWriter text, string property, IEnumerable<string> items)
    {
        if (!items.Any()) return;
        text.Line(property + " =");
        List(text, items, ",");
    }

    private static string Of(ColumnOrigin origin) =>
        $"new ColumnOrigin({CSharpLiteral.Of(origin.Column)}, {CSharpLiteral.Of(origin.Value)}, {Of(origin.Reads)})";

    private static string Of(StateMeaning meaning) => $"new StateMeaning({CSharpLiteral.Of(meaning.Text)}, {Of(meaning.Reads)})";

    private static string Of(ImmutableArray<ColumnRead> reads) => $"[{string.Join(", ", reads.Select(r => $"new({CSharpLiteral.Of(r.Source)}, {CSharpLiteral.Of(r.Column)})"))}]";

    private static string Of(StreamJoinInfo join) =>
        $"new StreamJoinInfo(StreamJoinKind.{join.Kind}, {Of(join.Left)}, {Of(join.Right)}, [{string.Join(", ", join.Output)}], {Of(join.Meaning)}){Properties(Of(join.Clock))}";

    private static string Of(JoinSideInfo side) => $"new JoinSideInfo({Schema(side.Columns, 12)}, [{string.Join(", ", side.Keys)}], {side.Due}, {side.Late}){Properties(Fields(side.Fields))}";

    private static string Of(HoldInfo hold) =>
        $"new HoldInfo(HoldKind.{hold.Kind}, {Schema(hold.Columns, 12)}, {hold.Due}, {Of(hold.Meaning)})"
        + Properties([.. Of(hold.Clock), .. hold.Kind == HoldKind.Sessions ? (string[])[$"Start = {hold.Start}", $"Keys = [{string.Join(", ", hold.Keys)}]"] : [],
            .. hold.Parts.IsEmpty ? (string[])[] : [$"Parts = [{string.Join(", ", hold.Parts.Select(p => p.By < 0 ? $"new(PartKind.{p.Kind})" : $"new(PartKind.{p.Kind}, {p.By})"))}]"], .. Fields(hold.Fields)]);

    private static string[] Fields(ImmutableArray<ColumnOrigin> fields) => fields.IsEmpty ? [] : [$"Fields = [{string.Join(", ", fields.Select(Of))}]"];

    private static string[] Of(StreamClock clock) => clock == default ? [] : [$"Clock = new StreamClock({CSharpLiteral.Of(clock.Steps)}, {CSharpLiteral.Of(clock.Lag)})"];

    private static string Properties(string[] set) => set.Length == 0 ? "" : $" {{ {string.Join(", ", set)} }}";

    private static string Names(ImmutableArray<string> names) => $"[{string.Join(", ", names.Select(CSharpLiteral.Of))}]";

    /// <summary>A dataset as an expression over several lines, with the semicolon.</summary>
    public static void Write(CodeWriter text, DatasetInfo info)
    {
        text.Line($"new DatasetInfo({Of(info.Name)}, DatasetKind.{info.Kind},");
        using (text.Indent())
        {
            text.Line(Schema(info.Columns, 20) + ",");
            text.Line(Of(info.Origin) + ")");
        }

        text.Line("{");
        using (text.Indent())
        {
            text.Line($"IsPrivate = {CSharpLiteral.Of(info.IsPrivate)},");
            text.Line($"HasDeclaredColumns = {CSharpLiteral.Of(info.HasDeclaredColumns)},");
            text.Line($"PartitionColumns = [{string.Join(", ", info.PartitionColumns.Select(CSharpLiteral.Of))}],");
            text.Line($"Comment = {CSharpLiteral.Of(info.Comment, "null")},");
            if (!info.Properties.IsEmpty) text.Line($"Properties = {Texts(info.Properties)},");
        }

        text.Line("};");
    }

    public static string Of(SourceSpan at) => at.IsNone && at.File.Length == 0
        ? "SourceSpan.None"
        : $"new SourceSpan({CSharpLiteral.Of(at.File)}, {at.Line}, {at.Column}, {at.EndLine}, {at.EndColumn})";

    private static string Of(QualifiedName name) =>
        $"new QualifiedName({CSharpLiteral.Of(name.Catalog ?? "")}, {CSharpLiteral.Of(name.Schema ?? "")}, {CSharpLiteral.Of(name.Name ?? "")})";

    private static void List(CodeWriter text, IEnumerable<string> items, string end)
    {
        var all = items.ToList();
        if (all.Count == 0)
        {
            text.Line("[]" + end);
            return;
        }

        text.Line("[");
        using (text.Indent())
        {
            foreach (var item in all) text.Line(item + ",");
        }

        text.Line("]" + end);
    }

    private static string Of(ExpectationInfo info) =>
        $"new ExpectationInfo({Of(info.Dataset)}, {CSharpLiteral.Of(info.Name)}, {CSharpLiteral.Of(info.Condition)}, ViolationAction.{info.Action}, {Of(info.Origin)})";

    private static string Of(SourceInfo source)
    {
        var columns = Schema(source.Columns, 12);
        var tail = $"{columns}, [{string.Join(", ", source.Predicates.Select(Of))}], {Of(source.Origin)})";
        var streaming = CSharpLiteral.Of(source.Streaming);
        return source switch
        {
            TableSourceInfo t => $"new TableSourceInfo({t.Slot}, {Of(t.Table)}, {streaming}, {tail}{Pinned(t)}",
            PathTableSourceInfo p => $"new PathTableSourceInfo({p.Slot}, {CSharpLiteral.Of(p.Path)}, {streaming}, {tail}{(p.Options.IsEmpty ? "" : $" {{ Options = {Texts(p.Options)} }}")}",
            FileSourceInfo f => $"new FileSourceInfo({f.Slot}, {CSharpLiteral.Of(f.Path)}, {CSharpLiteral.Of(f.Format)}, {Texts(f.Options)}, {Schema(f.FileColumns, 12)}, {streaming}, {tail}",
            RateSourceInfo r => $"new RateSourceInfo({r.Slot}, {Texts(r.Options)}, {tail}",
            TargetSourceInfo t => $"new TargetSourceInfo({t.Slot}, {tail}",
            EventLogSourceInfo e => $"new EventLogSourceInfo({e.Slot}, {tail}",
            _ => throw new UnreachableException(source.GetType().Name),
        };
    }

    private static string Pinned(TableSourceInfo source)
    {
        var parts = new List<string>();
        if (source.Version is { } version) parts.Add($"Version = {CSharpLiteral.Of(version)}");
        if (source.AsOf is { } asOf) parts.Add($"AsOf = {CSharpLiteral.Of(asOf)}");
        if (source.Changes is { } range) parts.Add($"Changes = new ChangeRange({string.Join(", ", new[] { range.FromVersion, range.FromTime, range.ToVersion, range.ToTime }.Select(b => b is { } bound ? CSharpLiteral.Of(bound) : "null"))})");
        if (!source.Options.IsEmpty) parts.Add($"Options = {Texts(source.Options)}");
        return parts.Count == 0 ? "" : $" {{ {string.Join(", ", parts)} }}";
    }

    private static string Of(ColumnPredicate predicate) =>
        $"new ColumnPredicate({CSharpLiteral.Of(predicate.Column)}, ColumnComparison.{predicate.Comparison}, {CSharpLiteral.Boxed(predicate.Value)})";

    private static string Texts(IEnumerable<KeyValuePair<string, string>> entries) =>
        $"ImmutableSortedDictionary.CreateRange<string, string>([{string.Join(", ", entries.Select(e => $"new({CSharpLiteral.Of(e.Key)}, {CSharpLiteral.Of(e.Value)})"))}])";

    private static string Schema(Schema schema, int indent) => TypeLiteral.Of(schema.Fields).Replace("\n", "\n" + new string(' ', indent), StringComparison.Ordinal);
}
