using System.Collections.Immutable;
using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Oracle;

/// <summary>Runs a bound plan row by row: nested loops, lists, no optimizer, no generated code. The independent check on both.</summary>
/// <remarks>It shares with the engine the bound plan and the scalar kernels; relational operators, NULL logic and aggregates are its own.</remarks>
public sealed class Interpreter
{
    private readonly Func<PlanSource, IEnumerable<IReadOnlyDictionary<string, object?>>> read;
    private readonly Evaluator evaluator;

    /// <param name="constants">Fixed for the run.</param>
    /// <param name="read">The rows of a source, values by column name.</param>
    public Interpreter(RunConstants constants, Func<PlanSource, IEnumerable<IReadOnlyDictionary<string, object?>>> read)
    {
        this.read = read;
        evaluator = new Evaluator(this, constants);
    }

    /// <summary>The rows of a plan, values in the order of its columns and in the form of <see cref="ArrowArray.GetValue"/>.</summary>
    public IReadOnlyList<object?[]> Run(LogicalPlan plan) => [.. Rows(plan, []).Select(row => plan.Columns.Select(c => row[c.Id]).ToArray())];

    /// <summary>Verdicts of expectations met so far: passed and failed by name, and rows dropped.</summary>
    public SortedDictionary<string, (long Passed, long Failed)> Verdicts { get; } = new(StringComparer.Ordinal);

    public long Dropped { get; private set; }

    /// <param name="plan">What to compute.</param>
    /// <param name="outer">What a subquery reads of the row around it; these values stand in every row made here.</param>
    internal List<Row> Rows(LogicalPlan plan, Row outer) => plan switch
    {
        Scan s => [.. read(s.Source).Select(values => Named(s, values, outer)).Take(s.Limit is { } n ? (int)n : int.MaxValue)],
        Values v => [.. v.Rows.Select(items => Filled(new Row(outer), v.Output, items.Select(i => evaluator.Value(i, outer))))],
        Compiler.Plans.Range r => [.. Numbers(r).Select(n => new Row(outer) { [r.Id.Id] = n })],
        Filter f => Rows(f.Input, outer).FindAll(row => evaluator.IsTrue(f.Predicate, row)),
        Project p => Rows(p.Input, outer).ConvertAll(row => Filled(new Row(outer), p.Columns, p.Items.Select(i => evaluator.Value(i.Value, row)))),
        Aggregate a => Aggregated(a, outer),
        Lateral l => [.. Rows(l.Left, outer).SelectMany(row => Beside(l, row))],
        Join j => Joined(j, outer),
        Union u => [.. u.Members.SelectMany(m => Rows(m, outer).Select(row => Filled(new Row(outer), u.Output, m.Columns.Select(c => row[c.Id]))))],
        Distinct d => [.. Rows(d.Input, outer).DistinctBy(row => Key(d.Columns.Select(c => row[c.Id])), BoxedValues.Instance)],
        Sort s => Sorted(Rows(s.Input, outer), s.Keys),
        Limit l => [.. Rows(l.Input, outer).Skip((int)l.Offset).Take(l.Count is { } n ? (int)n : int.MaxValue)],
        Window w => new WindowEvaluator(evaluator).Run(w, Rows(w.Input, outer)),
        Generate g => [.. Rows(g.Input, outer).SelectMany(row => Generated(g, row))],
        Expect e => Checked(e, outer),
        _ => throw new UnreachableException(plan.GetType().Name),
    };

    /// <summary>The row with the rows of the right side that it has, each computed for it alone.</summary>
    private IEnumerable<Row> Beside(Lateral lateral, Row left)
    {
        var any = false;
        foreach (var right in Rows(lateral.Right, evaluator.Inside(left, lateral.Outer)))
        {
            var both = new Row(left);
            foreach (var column in lateral.Right.Columns) both[column.Id] = right[column.Id];
            if (!evaluator.IsTrue(lateral.Condition, both)) continue;
            any = true;
            yield return both;
        }

        if (!any && lateral.Kind == JoinKind.Left) yield return Filled(new Row(left), lateral.Right.Columns, new object?[lateral.Right.Columns.Length]);
    }

    internal List<Row> Sorted(IEnumerable<Row> rows, ImmutableArray<SortKey> keys)
    {
        var ordered = rows.Select(row => (Row: row, Keys: keys.Select(k => evaluator.Value(k.Value, row)).ToArray())).ToList();
        // OrderBy is stable, List.Sort is not.
        return [.. ordered.OrderBy(o => o.Keys, Comparer<object?[]>.Create((a, b) => Compare(a, b, keys))).Select(o => o.Row)];
    }

    internal static int Compare(object?[] a, object?[] b, ImmutableArray<SortKey> keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var c = a[i] is null || b[i] is null
                ? a[i] is null && b[i] is null ? 0 : a[i] is null == keys[i].NullsFirst ? -1 : 1
                : BoxedValues.Compare(a[i], b[i]) * (keys[i].Descending ? -1 : 1);
            if (c != 0) return c;
        }

        return 0;
    }

    internal static object?[] Key(IEnumerable<object?> values) => [.. values];

    private static Row Filled(Row row, ImmutableArray<PlanColumn> columns, IEnumerable<object?> values)
    {
        foreach (var (column, value) in columns.Zip(values)) row[column.Id] = value;
        return row;
    }

    private static Row Named(Scan scan, IReadOnlyDictionary<string, object?> values, Row outer)
    {
        var row = new Row(outer);
        foreach (var column in scan.Output)
        {
            var name = values.Keys.FirstOrDefault(k => k.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
            row[column.Id] = name is null ? null : values[name];
        }

        return row;
    }

    private static IEnumerable<object?> Numbers(Compiler.Plans.Range range)
    {
        for (var n = range.Start; range.Step > 0 ? n < range.End : n > range.End; n += range.Step) yield return n;
    }

    private List<Row> Aggregated(Aggregate aggregate, Row outer)
    {
        var groups = new Dictionary<object, List<Row>>(BoxedValues.Instance);
        var order = new List<object?[]>();
        if (aggregate.Keys.IsEmpty)
        {
            groups[Array.Empty<object?>()] = Rows(aggregate.Input, outer);
            order.Add([]);
        }
        else
        {
            foreach (var row in Rows(aggregate.Input, outer))
            {
                var key = Key(aggregate.Keys.Select(k => evaluator.Value(k.Value, row)));
                if (!groups.TryGetValue(key, out var members))
                {
                    groups[key] = members = [];
                    order.Add(key);
                }

                members.Add(row);
            }
        }

        var aggregates = new AggregateEvaluator(evaluator);
        return order.ConvertAll(key =>
        {
            var row = Filled(new Row(outer), [.. aggregate.Keys.Select(k => k.Column)], key);
            foreach (var item in aggregate.Aggregates) row[item.Column.Id] = aggregates.Value(item.Call, groups[key]);
            return row;
        });
    }

    private List<Row> Joined(Join join, Row outer)
    {
        var left = Rows(join.Left, outer);
        var right = Rows(join.Right, outer);
        if ((long)left.Count * right.Count > 1_000_000) throw new NotSupportedByOracleException("a join of so many pairs");
        var result = new List<Row>();
        var matchedRight = new bool[right.Count];
        foreach (var l in left)
        {
            var matched = false;
            var unknown = false;
            for (var r = 0; r < right.Count; r++)
            {
                var both = new Row(l);
                foreach (var (id, value) in right[r]) both[id] = value;
                var verdict = join.Condition is null ? true : evaluator.Value(join.Condition, both) as bool?;
                unknown |= verdict is null;
                if (verdict != true) continue;
                matched = true;
                matchedRight[r] = true;
                if (join.Kind is JoinKind.Inner or JoinKind.Left or JoinKind.Right or JoinKind.Full or JoinKind.Cross) result.Add(both);
            }

            var keep = join.Kind switch
            {
                JoinKind.LeftSemi => matched,
                JoinKind.LeftAnti => !matched,
                JoinKind.NullAwareAnti => !matched && !unknown,
                JoinKind.Left or JoinKind.Full => !matched,
                _ => false,
            };
            if (!keep) continue;
            var alone = new Row(l);
            if (join.Kind is JoinKind.Left or JoinKind.Full)
            {
                foreach (var column in join.Right.Columns) alone[column.Id] = null;
            }

            result.Add(alone);
        }

        if (join.Kind is JoinKind.Right or JoinKind.Full)
        {
            for (var r = 0; r < right.Count; r++)
            {
                if (matchedRight[r]) continue;
                var alone = new Row(right[r]);
                foreach (var column in join.Left.Columns) alone[column.Id] = null;
                result.Add(alone);
            }
        }

        return result;
    }

    private IEnumerable<Row> Generated(Generate generate, Row row)
    {
        var items = evaluator.Value(generate.Collection, row) switch
        {
            null => [],
            object?[] elements => elements.Select(e => generate.Kind == GeneratorKind.Inline
                ? e as object?[] ?? new object?[generate.Generated.Length]
                : [e]).ToList(),
            KeyValuePair<object, object?>[] pairs => pairs.Select(p => new[] { p.Key, p.Value }).ToList(),
            var other => throw new UnreachableException(other.GetType().Name),
        };
        if (items.Count == 0 && generate.Outer) yield return Filled(new Row(row), generate.Generated, new object?[generate.Generated.Length]);
        for (var i = 0; i < items.Count; i++)
        {
            var values = generate.Kind == GeneratorKind.PosExplode ? items[i].Prepend(i) : items[i];
            yield return Filled(new Row(row), generate.Generated, values);
        }
    }

    private List<Row> Checked(Expect expect, Row outer) => Rows(expect.Input, outer).FindAll(row =>
    {
        var drop = false;
        foreach (var rule in expect.Rules)
        {
            var passes = evaluator.IsTrue(rule.Condition, row);
            var (passed, failed) = Verdicts.GetValueOrDefault(rule.Info.Name);
            Verdicts[rule.Info.Name] = passes ? (passed + 1, failed) : (passed, failed + 1);
            drop |= !passes && rule.Info.Action == ViolationAction.DropRow;
        }

        if (drop) Dropped++;
        return !drop;
    });
}
