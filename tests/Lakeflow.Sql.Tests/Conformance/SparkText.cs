using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using Calendar = Lakeflow.Runtime.Kernels.Calendar;

namespace Lakeflow.Sql.Tests.Conformance;

/// <summary>Rows and types in the spelling of Spark's golden files, which is Hive's.</summary>
internal static class SparkText
{
    /// <summary>A row's values between tabs. Texts are bare outside of nested values and quoted inside.</summary>
    public static string Row(IReadOnlyList<object?> values, IReadOnlyList<DataType> types, SessionZone zone) =>
        string.Join('\t', values.Select((v, i) => v is null ? "NULL" : Value(v, types[i], zone, nested: false)));

    /// <summary>True if the schema that Spark printed has these types. Names are not compared: they are the text of the expressions.</summary>
    public static bool HasTypes(string schema, IReadOnlyList<DataType> types) =>
        Regex.IsMatch(schema, "^struct<" + string.Join(',', types.Select(t => $".*:{Pattern(t)}")) + ">$", RegexOptions.Singleline);

    private static string Value(object value, DataType type, SessionZone zone, bool nested)
    {
        string Inner(object? v, DataType t) => v is null ? "null" : Value(v, t, zone, nested: true);
        switch (type)
        {
            case StringType: return nested ? $"\"{value}\"" : (string)value;
            case BinaryType: return Encoding.UTF8.GetString((byte[])value);
            case YearMonthIntervalType: return Months((int)value);
            case DayTimeIntervalType: return Duration((long)value);
            case ListType list: return $"[{string.Join(',', ((object?[])value).Select(v => Inner(v, list.Element.Type)))}]";
            case StructType row: return $"{{{string.Join(',', ((object?[])value).Select((v, i) => $"\"{row.Fields[i].Name}\":{Inner(v, row.Fields[i].Type)}"))}}}";
            case MapType map:
                var pairs = ((KeyValuePair<object, object?>[])value).Select(p => $"{Inner(p.Key, map.Key.Type)}:{Inner(p.Value, map.Value.Type)}");
                return $"{{{string.Join(',', pairs.Order(StringComparer.Ordinal))}}}";
            default: return BoxedCasts.Text(value, type, zone);
        }
    }

    private static string Months(int months)
    {
        var size = Math.Abs((long)months);
        return string.Create(CultureInfo.InvariantCulture, $"{(months < 0 ? "-" : "")}{size / 12}-{size % 12}");
    }

    private static string Duration(long micros)
    {
        var size = Int128.Abs(micros);
        var (days, rest) = ((long)(size / Calendar.MicrosPerDay), (long)(size % Calendar.MicrosPerDay));
        var clock = TimeSpan.FromMicroseconds(rest);
        return string.Create(CultureInfo.InvariantCulture, $"{(micros < 0 ? "-" : "")}{days} {clock:hh\\:mm\\:ss\\.ffffff}000");
    }

    private static string Pattern(DataType type) => type switch
    {
        NullType => "void",
        YearMonthIntervalType => "interval (year|month|year to month)",
        DayTimeIntervalType => "interval (day|hour|minute|second)( to (hour|minute|second))?",
        ListType list => $"array<{Pattern(list.Element.Type)}>",
        MapType map => $"map<{Pattern(map.Key.Type)},{Pattern(map.Value.Type)}>",
        StructType row => $"struct<{string.Join(',', row.Fields.Select(f => $"{Regex.Escape(f.Name)}:{Pattern(f.Type)}"))}>",
        _ => Regex.Escape(type.ToString().ToLowerInvariant()),
    };
}
