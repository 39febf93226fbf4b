using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Types and schemas as C# expressions.</summary>
internal static class TypeLiteral
{
    private const int LineLength = 140;

    public static string Of(DataType type) => type switch
    {
        NullType => "DataType.Null",
        BooleanType => "DataType.Boolean",
        Int8Type => "DataType.Int8",
        Int16Type => "DataType.Int16",
        Int32Type => "DataType.Int32",
        Int64Type => "DataType.Int64",
        FloatType => "DataType.Float",
        DoubleType => "DataType.Double",
        StringType => "DataType.String",
        BinaryType => "DataType.Binary",
        DateType => "DataType.Date",
        TimestampType t => t.Zoned ? "DataType.Timestamp" : "DataType.TimestampNtz",
        YearMonthIntervalType => "DataType.YearMonthInterval",
        DayTimeIntervalType => "DataType.DayTimeInterval",
        DecimalType d => $"new DecimalType({CSharpLiteral.Of(d.Precision)}, {CSharpLiteral.Of(d.Scale)})",
        ListType l => $"new ListType({Of(l.Element)})",
        MapType m => $"new MapType({Of(m.Key)}, {Of(m.Value)})",
        StructType s => $"new StructType([{string.Join(", ", s.Fields.Select(Of))}])",
        _ => throw new UnreachableException(type.ToString()),
    };

    public static string Of(Field field)
    {
        var metadata = field.Metadata.IsEmpty
            ? ""
            : $" {{ Metadata = {Texts(field.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))} }}";
        return $"new Field({CSharpLiteral.Of(field.Name)}, {Of(field.Type)}{(field.Nullable ? "" : ", Nullable: false")}){metadata}";

        static string Texts(IEnumerable<KeyValuePair<string, string>> entries) =>
            $"ImmutableDictionary.CreateRange<string, string>([{string.Join(", ", entries.Select(e => $"new({CSharpLiteral.Of(e.Key)}, {CSharpLiteral.Of(e.Value)})"))}])";
    }

    public static string Of(ImmutableArray<PlanColumn> columns) => Of(columns.Select(c => new Field(c.Name, c.Type, c.Nullable)));

    /// <summary>One text where it tells all: shorter to read and to compile than an object for each column.</summary>
    public static string Of(IEnumerable<Field> fields)
    {
        var schema = new Schema(fields.ToImmutableArray());
        if (schema.IsPlain) return $"Schema.Of({string.Join(" +\n    ", LinesOf(schema).Select(CSharpLiteral.Of))})";
        var list = schema.Fields.Select(Of).ToList();
        return list.Count switch
        {
            0 => "Schema.Empty",
            <= 4 => $"new Schema({string.Join(", ", list)})",
            _ => "new Schema(\n" + string.Join(",\n", list.Select(f => "    " + f)) + ")",
        };
    }

    /// <summary>The text of a schema, cut behind columns into lines that can be read.</summary>
    private static List<string> LinesOf(Schema schema)
    {
        var lines = new List<string>();
        foreach (var (number, field) in schema.Fields.Index())
        {
            var text = field + (number + 1 < schema.Count ? ", " : "");
            if (lines.Count > 0 && lines[^1].Length + text.Length <= LineLength) lines[^1] += text;
            else lines.Add(text);
        }

        return lines;
    }
}
