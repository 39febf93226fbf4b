using System.Diagnostics;
using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>A property of a generated record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its C# type; with <c>?</c> where the column may be NULL.</param>
/// <param name="From">The C# that makes it of a boxed value, given as C#.</param>
internal sealed record RecordField(string Name, string Type, Func<string, string> From)
{
    private const string Generic = "global::System.Collections.Generic";
    private const string Cell = "global::Lakeflow.Runtime.Reading.Cell";

    /// <param name="record">The record's whole name: its parameters do not see the types in it.</param>
    /// <param name="name">The property's.</param>
    /// <param name="column">What it holds.</param>
    /// <param name="names">Taken in the record, for the types of structs.</param>
    /// <param name="members">Takes the records of structs.</param>
    /// <param name="write">Writes such a record under a name.</param>
    public static RecordField Of(string record, string name, Field column, NameScope names, CodeWriter members, Action<CodeWriter, string, StructType> write)
    {
        var (type, from) = Map(column.Type, column.Nullable);
        return new RecordField(name, type, from);

        (string Type, Func<string, string> From) Map(DataType of, bool nullable)
        {
            if (of is NullType) return ("object?", v => v);
            if (CastTo(of) is { } cast)
            {
                var unboxed = nullable ? cast + "?" : cast;
                return (unboxed, v => $"({unboxed}){v}{(nullable ? "" : "!")}");
            }

            var (plain, make) = Made(of);
            return nullable ? (plain + "?", v => $"{v} is {{ }} {Local(v)} ? {make(Local(v))} : null") : (plain, v => make(v + "!"));
        }

        (string, Func<string, string>) Made(DataType of)
        {
            switch (of)
            {
                case DecimalType d:
                    return ("decimal", v => $"{Cell}.Decimal({v}, {d.Scale.ToString(CultureInfo.InvariantCulture)})");
                case DateType:
                    return ("global::System.DateOnly", v => $"{Cell}.Date({v})");
                case TimestampType t:
                    return t.Zoned ? ("global::System.DateTimeOffset", v => $"{Cell}.Timestamp({v})") : ("global::System.DateTime", v => $"{Cell}.TimestampNtz({v})");
                case DayTimeIntervalType:
                    return ("global::System.TimeSpan", v => $"{Cell}.Duration({v})");
                case ListType list:
                    var item = Map(list.Element.Type, list.Element.Nullable);
                    return ($"{Generic}.IReadOnlyList<{item.Type}>", v => $"{Cell}.List<{item.Type}>({v}, static item => {item.From("item")})");
                case MapType map:
                    var (key, value) = (Map(map.Key.Type, nullable: false), Map(map.Value.Type, map.Value.Nullable));
                    return ($"{Generic}.IReadOnlyDictionary<{key.Type}, {value.Type}>",
                        v => $"{Cell}.Map<{key.Type}, {value.Type}>({v}, static key => {key.From("key")}, static item => {value.From("item")})");
                case StructType type:
                    var inner = $"{record}.{names.New(CSharpName.Pascal(column.Name) + "Value")}";
                    write(members, inner, type);
                    return (inner, v => $"{inner}.Of({v})");
                default:
                    throw new UnreachableException(of.ToString());
            }
        }
    }

    /// <summary>The C# type that the boxed value has already, or null.</summary>
    private static string? CastTo(DataType type) => type switch
    {
        BooleanType => "bool",
        Int8Type => "sbyte",
        Int16Type => "short",
        Int32Type or YearMonthIntervalType => "int",
        Int64Type => "long",
        FloatType => "float",
        DoubleType => "double",
        StringType => "string",
        BinaryType => "byte[]",
        _ => null,
    };

    /// <summary>A pattern's variable of its own for each value that is looked at.</summary>
    private static string Local(string value)
    {
        var name = new string([.. value.Where(char.IsAsciiLetterOrDigit)]);
        return name + "Value";
    }
}
