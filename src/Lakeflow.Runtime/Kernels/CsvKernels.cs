using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>CSV in texts, one record each.</summary>
public static class CsvKernels
{
    /// <summary><c>from_csv</c>: a field that does not convert is NULL, and so are those behind the last value.</summary>
    public static object? FromCsv(Utf8 csv, Utf8 schema, DataType result, SessionZone zone, int site) => FromCsvWithOptions(csv, schema, null, result, zone, site);

    /// <summary>With a MAP of options; mode FAILFAST raises an error for a record that does not fit.</summary>
    public static object? FromCsvWithOptions(Utf8 csv, Utf8 schema, object? options, DataType result, SessionZone zone, int site)
    {
        var how = TextOptions.Read(options, zone, site);
        var fields = ((StructType)result).Fields;
        var found = Values(csv.ToString(), how);
        var values = new object?[fields.Length];
        var fits = found.Count == fields.Length;
        for (var i = 0; i < fields.Length && i < found.Count; i++)
        {
            if (found[i] is not { } text) continue;
            values[i] = Convert(text, fields[i].Type, how);
            fits &= values[i] is not null;
        }

        if (!fits && how.FailFast) Throw.Raise(site, $"'{csv.ToString()}' is not CSV of the type {result}.", "MALFORMED_RECORD_IN_PARSING", "Use mode PERMISSIVE to get NULLs instead.");
        return values;
    }

    /// <summary><c>to_csv</c>: the values of a struct; NULL is nothing between two separators.</summary>
    public static object ToCsv(object? value, DataType[] types, SessionZone zone, int site) => ToCsvWithOptions(value, null, types, zone, site);

    /// <summary>With a MAP of options.</summary>
    public static object ToCsvWithOptions(object? value, object? options, DataType[] types, SessionZone zone, int site)
    {
        var how = TextOptions.Read(options, zone, site);
        var fields = ((StructType)types[0]).Fields;
        var values = (object?[])value!;
        return string.Join(how.Separator, values.Select((v, i) => v is null ? how.NullValue : Written(v, fields[i].Type, how)));
    }

    /// <summary>The values of a record; null for those that mean NULL. A separator, and the quote behind its escape, may stand in quotes.</summary>
    internal static List<string?> Values(string record, TextOptions how)
    {
        var values = new List<string?>();
        var at = 0;
        while (true)
        {
            values.Add(Value(record, ref at, how));
            if (at >= record.Length) return values;
            at += how.Separator.Length;
            if (at != record.Length) continue;
            values.Add(how.NullValue.Length == 0 ? null : "");
            return values;
        }
    }

    private static string? Value(string record, ref int at, TextOptions how)
    {
        if (at < record.Length && record[at] == how.Quote && Quoted(record, ref at, how) is { } text) return text.Length == 0 ? how.EmptyValue : text;
        var end = record.IndexOf(how.Separator, at, StringComparison.Ordinal);
        if (end < 0) end = record.Length;
        text = record[at..end];
        at = end;
        return text == how.NullValue ? null : text;
    }

    /// <summary>What stands in quotes; null where they do not close before a separator, so that the quote is a character like others.</summary>
    private static string? Quoted(string record, ref int at, TextOptions how)
    {
        var text = new StringBuilder();
        for (var i = at + 1; i < record.Length; i++)
        {
            var next = i + 1 < record.Length ? record[i + 1] : '\0';
            if ((record[i] == how.Escape && (next == how.Quote || next == how.Escape)) || (record[i] == how.Quote && next == how.Quote))
            {
                text.Append(record[++i]);
            }
            else if (record[i] != how.Quote)
            {
                text.Append(record[i]);
            }
            else if (i + 1 == record.Length || record.AsSpan(i + 1).StartsWith(how.Separator, StringComparison.Ordinal))
            {
                at = i + 1;
                return text.ToString();
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    private static object? Convert(string text, DataType type, TextOptions how)
    {
        switch (type)
        {
            case StringType:
                return text;
            case DateType when how.Date is { } pattern:
                return pattern.TryParse(text, null, out var date) ? Calendar.DayOf(date) : null;
            case TimestampType { Zoned: true } when how.Timestamp is { } pattern:
                return pattern.TryParse(text, how.Zone, out var instant) ? instant : null;
            case TimestampType { Zoned: false } when how.TimestampNtz is { } pattern:
                return pattern.TryParse(text, null, out var local) ? local : null;
            // A whole number has no blanks around it, though other types take them.
            case var _ when type.IsInteger && text.Length != text.Trim().Length:
                return null;
            default:
                return BoxedCasts.Convert(text, DataType.String, type, how.Zone, -1, tolerant: true);
        }
    }

    private static string Written(object value, DataType type, TextOptions how)
    {
        var text = (value, type) switch
        {
            (long ts, TimestampType t) => JsonKernels.TimestampText(ts, t, how),
            (int date, DateType) when how.Date is { } pattern => pattern.Format(date * Calendar.MicrosPerDay, 0, how.Zone),
            (string s, _) => s.Trim(),
            _ => BoxedCasts.Text(value, type, how.Zone),
        };
        if (text.Length == 0) return $"{how.Quote}{how.Quote}";
        if (!text.Contains(how.Separator, StringComparison.Ordinal) && text.AsSpan().IndexOfAny(how.Quote, '\n', '\r') < 0) return text;
        var escaped = text.Replace($"{how.Escape}", $"{how.Escape}{how.Escape}", StringComparison.Ordinal).Replace($"{how.Quote}", $"{how.Escape}{how.Quote}", StringComparison.Ordinal);
        return $"{how.Quote}{escaped}{how.Quote}";
    }
}
