using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Partition values as text. Delta protocol, "Partition Value Serialization"; folder names as Hive escapes them.</summary>
internal static class PartitionValue
{
    private const string HiveNull = "__HIVE_DEFAULT_PARTITION__";
    private const int LongestFolder = 160;
    private const string Escaped = "\"#%'*/:=?\\{[]^<>|\u007f";

    /// <summary>Refuses columns that cannot be partitioned by.</summary>
    public static void CheckColumn(Schema schema, string column)
    {
        var field = schema.Find(column) ?? throw DeltaFaults.BadPartitionColumn(column, "there is no such column");
        if (field.Type.IsNested || field.Type is NullType or YearMonthIntervalType or DayTimeIntervalType)
        {
            throw DeltaFaults.BadPartitionColumn(column, $"its type is {field.Type}");
        }
    }

    /// <summary>The text of a value in the form of <see cref="ArrowArray.GetValue"/>. NULL and '' are null: the format cannot tell them apart.</summary>
    public static string? Write(object? value, DataType type) => (value, type) switch
    {
        (null or "", _) => null,
        (bool flag, _) => flag ? "true" : "false",
        (string text, _) => text,
        (byte[] { Length: 0 }, _) => null,
        (byte[] bytes, _) => string.Concat(bytes.Select(b => (char)b)),
        (int days, DateType) => Literal.Date(days),
        (long micros, TimestampType { Zoned: true }) => Literal.Timestamp(micros, 'T', 6) + "Z",
        (long micros, TimestampType) => Literal.Timestamp(micros, ' ', 6),
        (Int128 unscaled, DecimalType d) => Literal.Decimal(unscaled, d.Scale),
        (float number, _) => Literal.Double(number, number.ToString("R", CultureInfo.InvariantCulture)),
        (double number, _) => Literal.Double(number, number.ToString("R", CultureInfo.InvariantCulture)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>The value of a text, in the form of <see cref="ArrowArray.GetValue"/>. LF6070 if it is none of the type.</summary>
    /// <remarks>A timestamp without a zone is in UTC.</remarks>
    public static object? Read(string? text, Field column, string file)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            return column.Type switch
            {
                StringType => text,
                BinaryType => text.Select(c => checked((byte)c)).ToArray(),
                BooleanType => bool.Parse(text),
                Int8Type => sbyte.Parse(text, CultureInfo.InvariantCulture),
                Int16Type => short.Parse(text, CultureInfo.InvariantCulture),
                Int32Type => int.Parse(text, CultureInfo.InvariantCulture),
                Int64Type => long.Parse(text, CultureInfo.InvariantCulture),
                FloatType => (float)Literal.ParseDouble(text),
                DoubleType => Literal.ParseDouble(text),
                DateType => Literal.ParseDate(text),
                TimestampType => Literal.ParseTimestamp(text),
                DecimalType d => Literal.ParseDecimal(text, d.Scale),
                _ => throw new FormatException(),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw DeltaFaults.BadPartitionValue(file, column.Name, column.Type, text);
        }
    }

    /// <summary>The folder of a partition, <c>country=NO/</c>. Only a name: readers take the value from the log.</summary>
    public static string Folder(string column, string? value)
    {
        var text = new StringBuilder();
        Escape(text, column);
        text.Append('=');
        if (value is null) text.Append(HiveNull);
        else if (value == HiveNull) text.Append("%5F").Append(value.AsSpan(1)); // a text that looks like NULL is none
        else Escape(text, value);
        if (Encoding.UTF8.GetByteCount(text.ToString()) > LongestFolder)
        {
            // File systems stop at 255 bytes a name; a digest keeps the folders of long values apart.
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32];
            text.Clear();
            Escape(text, column.Length > 32 ? column[..32] : column);
            text.Append("=~").Append(digest);
        }

        return text.Append('/').ToString();
    }

    private static void Escape(StringBuilder text, string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            // Windows drops a blank or a dot at the end of a name.
            var atEnd = i == name.Length - 1 && c is ' ' or '.';
            if (c < ' ' || Escaped.Contains(c) || atEnd) text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            else text.Append(c);
        }
    }
}
