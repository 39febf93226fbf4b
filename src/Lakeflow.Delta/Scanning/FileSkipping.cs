using System.Text;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Tells from the log alone that a file holds no row that meets some conditions.</summary>
internal sealed class FileSkipping(Snapshot snapshot, ColumnMapping mapping, IReadOnlyList<ColumnPredicate> predicates, IReadOnlyList<KeyFilter> keys)
{
    /// <summary>True if no row of the file can meet all conditions.</summary>
    public bool CanSkip(AddFile file)
    {
        if (predicates.Count == 0 && keys.Count == 0) return false;
        using var document = Parse(file.Stats);
        foreach (var predicate in predicates)
        {
            if (snapshot.Schema.Find(predicate.Column) is not { } column) continue;
            var isPartition = snapshot.PartitionColumns.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
            if (isPartition ? PartitionMisses(file, column, predicate) : document is not null && StatsMiss(document.RootElement, column, predicate)) return true;
        }

        foreach (var key in keys)
        {
            if (snapshot.Schema.Find(key.Column) is not { } column) continue;
            var isPartition = snapshot.PartitionColumns.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
            if (isPartition ? !key.Holds(PartitionOf(file, column)) : document is not null && StatsMiss(document.RootElement, column, key)) return true;
        }

        return false;
    }

    /// <summary>How two values of a type compare, NaN above all; null where they cannot be told apart by order.</summary>
    internal static int? Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (double a, double b) => Real(a, b),
        (float a, float b) => Real(a, b),
        (IComparable a, _) when left.GetType() == right.GetType() => a.CompareTo(right),
        _ => null,
    };

    private static int Real(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a < b ? -1 : a > b ? 1 : 0;

    private static JsonDocument? Parse(string? stats)
    {
        if (string.IsNullOrEmpty(stats)) return null;
        try
        {
            var document = JsonDocument.Parse(stats);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // Statistics are a help; a file whose statistics are broken is read.
            return null;
        }
    }

    private bool PartitionMisses(AddFile file, Field column, ColumnPredicate predicate)
    {
        var value = PartitionOf(file, column);
        if (value is null) return predicate.Comparison != ColumnComparison.IsNull;
        return predicate.Comparison switch
        {
            ColumnComparison.IsNull => true,
            ColumnComparison.IsNotNull => false,
            _ => predicate.Value is { } wanted && Compare(value, wanted) is { } order && !Meets(predicate.Comparison, order),
        };
    }

    private object? PartitionOf(AddFile file, Field column) =>
        PartitionValue.Read(file.PartitionValues.GetValueOrDefault(mapping.PhysicalName(column)), column, file.Path);

    private static bool Meets(ColumnComparison comparison, int order) => comparison switch
    {
        ColumnComparison.Equal => order == 0,
        ColumnComparison.Less => order < 0,
        ColumnComparison.LessOrEqual => order <= 0,
        ColumnComparison.Greater => order > 0,
        ColumnComparison.GreaterOrEqual => order >= 0,
        _ => true,
    };

    private bool StatsMiss(JsonElement stats, Field column, ColumnPredicate predicate)
    {
        var name = mapping.PhysicalName(column);
        var rows = JsonText.Number(stats, "numRecords");
        var nulls = Nulls(stats, name);
        if (predicate.Comparison == ColumnComparison.IsNull) return nulls == 0;
        // All rows NULL: neither IS NOT NULL nor a comparison is met. tightBounds false only ever makes nulls a lower bound of the file's.
        if (nulls is not null && rows is not null && nulls == rows) return true;
        if (predicate.Comparison == ColumnComparison.IsNotNull || predicate.Value is not { } wanted) return false;
        var min = Bound(stats, "minValues", name, column.Type);
        var max = Max(stats, name, column.Type);
        var belowMax = max is null ? null : Compare(wanted, max);
        var aboveMin = min is null ? null : Compare(wanted, min);
        return predicate.Comparison switch
        {
            ColumnComparison.Equal => belowMax > 0 || aboveMin < 0,
            ColumnComparison.Less => aboveMin <= 0,
            ColumnComparison.LessOrEqual => aboveMin < 0,
            ColumnComparison.Greater => belowMax >= 0 && !MayHoldNaN(column.Type),
            ColumnComparison.GreaterOrEqual => belowMax > 0 && !MayHoldNaN(column.Type),
            _ => false,
        };
    }

    private bool StatsMiss(JsonElement stats, Field column, KeyFilter key)
    {
        var name = mapping.PhysicalName(column);
        var min = Bound(stats, "minValues", name, column.Type);
        return key.Misses(min, Max(stats, name, column.Type), Nulls(stats, name), JsonText.Number(stats, "numRecords"));
    }

    private static long? Nulls(JsonElement stats, string name) =>
        JsonText.Get(stats, "nullCount") is { } counts && JsonText.Get(counts, name) is { ValueKind: JsonValueKind.Number } n ? n.GetInt64() : null;

    /// <summary>The upper bound; that of a timestamp is cut to the millisecond in the log.</summary>
    private static object? Max(JsonElement stats, string name, DataType type) => Bound(stats, "maxValues", name, type) switch
    {
        long micros when type is TimestampType => micros > long.MaxValue - 1000 ? null : micros + 999,
        var max => max,
    };

    /// <summary>NaN is above every number for Spark; writers differ on whether a bound tells of one.</summary>
    private static bool MayHoldNaN(DataType type) => type is FloatType or DoubleType;

    private static object? Bound(JsonElement stats, string side, string name, DataType type)
    {
        if (JsonText.Get(stats, side) is not { } bounds || JsonText.Get(bounds, name) is not { } value) return null;
        try
        {
            return type switch
            {
                StringType => value.GetString(),
                Int8Type => value.GetSByte(),
                Int16Type => value.GetInt16(),
                Int32Type => value.GetInt32(),
                Int64Type => value.GetInt64(),
                FloatType => value.GetSingle(),
                DoubleType => value.GetDouble(),
                DecimalType d => Literal.ParseDecimal(value.GetRawText().Trim('"'), d.Scale),
                DateType => Literal.ParseDate(value.GetString()!),
                TimestampType => Literal.ParseTimestamp(value.GetString()!),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException)
        {
            // A bound of an older type, or one that says nothing.
            return null;
        }
    }
}
