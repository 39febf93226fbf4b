using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>A filter right above a scan tells the reader which files and row groups it may skip.</summary>
/// <remarks>
/// <code>
/// Filter id &gt; 10 AND f(x)          Filter id &gt; 10 AND f(x)
///   Scan t                    →        Scan t pruned by id &gt; 10
/// </code>
/// The filter stays: pruning is a hint. A FLOAT or DOUBLE is never pruned from below, because NaN is greater than every number and no statistics hold it.
/// </remarks>
public sealed class DerivePruning : IRule
{
    public LogicalPlan? Apply(LogicalPlan node)
    {
        if (node is not Filter { Input: Scan scan } filter) return null;
        var known = scan.Pruning.ToHashSet();
        var found = Conjuncts.Of(filter.Predicate).SelectMany(c => Predicates(c, scan)).Where(p => known.Add(p)).ToImmutableArray();
        return found.IsEmpty ? null : filter with { Input = scan with { Pruning = scan.Pruning.AddRange(found) } };
    }

    private static IEnumerable<ColumnPredicate> Predicates(Expr conjunct, Scan scan)
    {
        switch (conjunct)
        {
            case Call { Function.Name: var sign, Arguments: [ColumnRef column, Literal { Value: { } value }] } when Comparison(sign, swapped: false) is { } comparison:
                return Compared(column, comparison, value, scan);
            case Call { Function.Name: var sign, Arguments: [Literal { Value: { } value }, ColumnRef column] } when Comparison(sign, swapped: true) is { } comparison:
                return Compared(column, comparison, value, scan);
            case IsNull { Input: ColumnRef column } when IsIn(column, scan):
                return [new ColumnPredicate(column.Column.Name, ColumnComparison.IsNull, null)];
            case Not { Input: IsNull { Input: ColumnRef column } } when IsIn(column, scan):
                return [new ColumnPredicate(column.Column.Name, ColumnComparison.IsNotNull, null)];
            case InList { Input: ColumnRef column, Items: var items } when items.All(i => i is Literal { Value: IComparable }):
                var values = items.Select(i => ((Literal)i).Value!).ToList();
                if (values is [string, ..]) values.Sort((a, b) => Utf8Order((string)a, (string)b));
                else values.Sort();
                return Compared(column, ColumnComparison.GreaterOrEqual, values[0], scan).Concat(Compared(column, ColumnComparison.LessOrEqual, values[^1], scan));
            default:
                return [];
        }
    }

    /// <summary>Text compares by its bytes; UTF-16 order differs above the surrogates.</summary>
    private static int Utf8Order(string a, string b) =>
        System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b));

    private static ImmutableArray<ColumnPredicate> Compared(ColumnRef column, ColumnComparison comparison, object value, Scan scan)
    {
        if (!IsIn(column, scan) || column.Type.IsNested) return [];
        var isFloat = column.Type is FloatType or DoubleType;
        if (isFloat && (comparison is ColumnComparison.Greater or ColumnComparison.GreaterOrEqual || value is double.NaN or float.NaN)) return [];
        return [new ColumnPredicate(column.Column.Name, comparison, value)];
    }

    private static bool IsIn(ColumnRef column, Scan scan) => scan.Output.Any(c => c.Id == column.Column.Id) && column.Column.Name != Catalog.ResolvedFiles.Metadata.Name;

    private static ColumnComparison? Comparison(string sign, bool swapped) => (sign, swapped) switch
    {
        ("=", _) => ColumnComparison.Equal,
        ("<", false) or (">", true) => ColumnComparison.Less,
        ("<=", false) or (">=", true) => ColumnComparison.LessOrEqual,
        (">", false) or ("<", true) => ColumnComparison.Greater,
        (">=", false) or ("<=", true) => ColumnComparison.GreaterOrEqual,
        _ => null,
    };
}
