using System.Collections.Immutable;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Connect.Files;

/// <summary>Columns that are folders: <c>year=2026/month=01/…</c>.</summary>
internal static class HivePartitions
{
    private const string NullValue = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The partitions with one more folder; the same if the folder's name is not <c>k=v</c> or the options exclude it.</summary>
    public static ImmutableArray<KeyValuePair<string, string?>> Extend(ImmutableArray<KeyValuePair<string, string?>> partitions, string folder, FileScanSpec spec)
    {
        var equals = folder.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || spec.Options.Boolean("recursiveFileLookup")) return partitions;
        var name = Uri.UnescapeDataString(folder[..equals]);
        if (Named(spec) is { } named && !named.Contains(name, StringComparer.OrdinalIgnoreCase)) return partitions;
        var text = folder[(equals + 1)..];
        return partitions.Add(new(name, text == NullValue ? null : Uri.UnescapeDataString(text)));
    }

    /// <summary>The partition columns of a list of files; named by the option, else all that any file has, in order of their first appearance.</summary>
    public static ImmutableArray<Field> Columns(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        var names = Named(spec)?.ToList() ?? [];
        if (names.Count == 0)
        {
            foreach (var file in files)
            {
                foreach (var (name, _) in file.Partitions)
                {
                    if (!names.Contains(name, StringComparer.OrdinalIgnoreCase)) names.Add(name);
                }
            }
        }

        return [.. names.Select(n => new Field(n, TypeOf(n, files)))];
    }

    /// <summary>The value of a partition column for a file, in the form of <see cref="ArrowArray.GetValue"/>; null where the folder is missing, says NULL, or does not fit.</summary>
    public static object? ValueOf(FileEntry file, Field column)
    {
        if (file.PartitionValue(column.Name) is not { } text) return null;
        var bytes = Encoding.UTF8.GetBytes(text);
        return column.Type switch
        {
            StringType => text,
            Int8Type => new Int8Parser().TryParse(bytes, out var v) ? v : null,
            Int16Type => new Int16Parser().TryParse(bytes, out var v) ? v : null,
            Int32Type => new Int32Parser().TryParse(bytes, out var v) ? v : null,
            Int64Type => FastNumbers.TryInt64(bytes, out var v) ? v : null,
            DoubleType => FastNumbers.TryDouble(bytes, out var v) ? v : null,
            DecimalType type => FastNumbers.TryDecimal(bytes, type, out var v) ? v : null,
            BooleanType => new BooleanParser().TryParse(bytes, out var v) ? v == 1 : null,
            DateType => DateTimeText.TryDate(bytes, out var v) ? v : null,
            TimestampType => DateTimeText.TryTimestamp(bytes, SessionZone.Utc, out var v) ? v : null,
            _ => throw FileErrors.TypeNotInFormat("folder", column.Name, column.Type.ToString()),
        };
    }

    /// <summary>True if a file's folders show that none of its rows meets a predicate.</summary>
    public static bool RulesOut(FileEntry file, Field column, ColumnPredicate predicate)
    {
        var value = ValueOf(file, column);
        if (value is null || predicate.Comparison is ColumnComparison.IsNull or ColumnComparison.IsNotNull)
        {
            return value is null ? predicate.Comparison != ColumnComparison.IsNull : predicate.Comparison == ColumnComparison.IsNull;
        }

        // The order of text is that of its bytes; equality needs no order.
        if (value is string text) return predicate.Comparison == ColumnComparison.Equal && predicate.Value is string wanted && wanted != text;
        if (predicate.Value is null || predicate.Value.GetType() != value.GetType()) return false;
        var order = ((IComparable)value).CompareTo(predicate.Value);
        return predicate.Comparison switch
        {
            ColumnComparison.Equal => order != 0,
            ColumnComparison.Less => order >= 0,
            ColumnComparison.LessOrEqual => order > 0,
            ColumnComparison.Greater => order <= 0,
            ColumnComparison.GreaterOrEqual => order < 0,
            _ => false,
        };
    }

    /// <summary>Null: all; empty: none.</summary>
    private static string[]? Named(FileScanSpec spec) =>
        spec.Options.TextOrNull("partitionColumns")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static DataType TypeOf(string name, ImmutableArray<FileEntry> files)
    {
        // Spark infers INT, BIGINT, DOUBLE, DATE, TIMESTAMP, else STRING, over all values.
        DataType? type = null;
        foreach (var file in files)
        {
            if (file.PartitionValue(name) is not { } text) continue;
            var one = TextType.Of(Encoding.UTF8.GetBytes(text), preferDate: true);
            if (one is BooleanType) one = DataType.String;
            type = type is null ? one : TextType.Common(type, one);
        }

        return type ?? DataType.String;
    }
}
