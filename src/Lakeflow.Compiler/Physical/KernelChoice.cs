using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Physical;

/// <summary>Which way of working fits, and why; printed by EXPLAIN. What needs the data's own facts is decided at run time.</summary>
public static class KernelChoice
{
    /// <summary>How rows find their group.</summary>
    public static string OfGroups(Aggregate node)
    {
        if (node.Keys.IsEmpty) return "one state, in locals: no keys";
        if (UsesCodes(node)) return "dictionary codes give the group where all texts arrive encoded, else hash";
        return IsOrdinal([.. node.Keys.Select(k => k.Value.Type)]) ? "direct index while the key's range is modest, else hash" : "hash, linear probing";
    }

    public static string OfJoin(JoinStage join) =>
        join.Keys.IsEmpty ? "every pair: no equality between the sides"
        : IsOrdinal([.. join.Keys.Select(k => k.Type)]) ? "direct index where the keys lie close together, else hash behind a bitmap of their range"
        : "hash, linear probing";

    /// <summary>True if each key is a text column as it is stored: its dictionary codes tell groups apart.</summary>
    public static bool UsesCodes(Aggregate node) =>
        node.Keys.Length is > 0 and <= 3 && node.Keys.All(k => k.Value is ColumnRef && k.Value.Type is StringType or BinaryType);

    private static bool IsOrdinal(ImmutableArray<DataType> keys) => keys is
        [BooleanType or Int8Type or Int16Type or Int32Type or DateType or YearMonthIntervalType or Int64Type or TimestampType or DayTimeIntervalType or DecimalType { Is64: true }];
}
