using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Type names to types.</summary>
public static class TypeBinder
{
    private static readonly string[] Names =
    [
        "BOOLEAN", "TINYINT", "BYTE", "SMALLINT", "SHORT", "INT", "INTEGER", "BIGINT", "LONG", "FLOAT", "REAL", "DOUBLE", "DECIMAL", "DEC", "NUMERIC",
        "STRING", "VARCHAR", "CHAR", "BINARY", "DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "ARRAY", "MAP", "STRUCT", "INTERVAL", "VOID",
    ];

    /// <summary>The type; null, with a diagnostic, if there is none.</summary>
    public static DataType? Bind(TypeSyntax syntax, DiagnosticBag bag)
    {
        switch (syntax)
        {
            case PrimitiveTypeSyntax primitive:
                return Primitive(primitive, bag);
            case ArrayTypeSyntax array:
                return Bind(array.Element, bag) is { } element ? new ListType(element) : null;
            case MapTypeSyntax map:
                var key = Bind(map.Key, bag);
                var value = Bind(map.Value, bag);
                return key is null || value is null ? null : new MapType(key, value);
            case StructTypeSyntax row:
                return Fields(row, bag) is { } fields ? new StructType(fields.Fields) : null;
            case IntervalTypeSyntax { From: "YEAR" or "MONTH" }:
                return DataType.YearMonthInterval;
            case IntervalTypeSyntax { From: not null }:
                return DataType.DayTimeInterval;
            default:
                bag.Add(BindingErrors.NotSupported(syntax.Span, "The type INTERVAL without units", "Write INTERVAL DAY TO SECOND or INTERVAL YEAR TO MONTH."));
                return null;
        }
    }

    /// <summary>The columns of <c>a INT, b STRING</c>.</summary>
    public static Schema? Fields(StructTypeSyntax syntax, DiagnosticBag bag)
    {
        var fields = ImmutableArray.CreateBuilder<Field>();
        var whole = true;
        foreach (var field in syntax.Fields)
        {
            if (Bind(field.Type, bag) is { } type)
                fields.Add(new Field(field.Path.ToString(), type, !field.NotNull) { Metadata = Metadata(field.Type, field.Comment) });
            else
                whole = false;
        }

        return whole ? new Schema(fields.ToImmutable()) : null;
    }

    /// <summary>What a schema keeps besides the type: the comment, and the length of CHAR and VARCHAR.</summary>
    public static ImmutableDictionary<string, string> Metadata(TypeSyntax? type, string? comment)
    {
        var metadata = ImmutableDictionary<string, string>.Empty;
        if (comment is not null) metadata = metadata.Add(Field.CommentKey, comment);
        if (type is PrimitiveTypeSyntax { Name: "CHAR" or "CHARACTER" or "VARCHAR", Arguments: [var length] } text)
            metadata = metadata.Add(Field.CharVarcharKey, string.Create(CultureInfo.InvariantCulture, $"{(text.Name == "VARCHAR" ? "varchar" : "char")}({length})"));
        return metadata;
    }

    private static DataType? Primitive(PrimitiveTypeSyntax syntax, DiagnosticBag bag)
    {
        if (syntax.Collation is not null && !string.Equals(syntax.Collation, "UTF8_BINARY", StringComparison.OrdinalIgnoreCase))
        {
            bag.Add(BindingErrors.NotSupported(syntax.Span, $"The collation {syntax.Collation}", "Strings compare byte by byte (UTF8_BINARY)."));
            return null;
        }

        switch (syntax.Name.ToUpperInvariant())
        {
            case "BOOLEAN": return DataType.Boolean;
            case "TINYINT" or "BYTE": return DataType.Int8;
            case "SMALLINT" or "SHORT": return DataType.Int16;
            case "INT" or "INTEGER": return DataType.Int32;
            case "BIGINT" or "LONG": return DataType.Int64;
            case "FLOAT" or "REAL": return DataType.Float;
            case "DOUBLE": return DataType.Double;
            case "STRING" or "TEXT": return DataType.String;
            case "VARCHAR" or "CHAR" or "CHARACTER" when syntax.Arguments is [> 0]: return DataType.String;
            case "BINARY": return DataType.Binary;
            case "DATE": return DataType.Date;
            case "TIMESTAMP" or "TIMESTAMP_LTZ": return DataType.Timestamp;
            case "TIMESTAMP_NTZ": return DataType.TimestampNtz;
            case "VOID" or "NULL": return DataType.Null;
            case "DECIMAL" or "DEC" or "NUMERIC":
                return syntax.Arguments switch
                {
                    [] => new DecimalType(10, 0),
                    [> 0 and <= DecimalType.MaxPrecision and var p] => new DecimalType(p, 0),
                    [> 0 and <= DecimalType.MaxPrecision and var p, var s] when s >= 0 && s <= p => new DecimalType(p, s),
                    _ => Unknown($"{syntax.Name}({string.Join(",", syntax.Arguments)})", bag, syntax.Span),
                };
            case "VARIANT" or "TIME" or "GEOGRAPHY" or "GEOMETRY" or "OBJECT":
                bag.Add(BindingErrors.NotSupported(syntax.Span, $"The type {syntax.Name}"));
                return null;
            default:
                return Unknown(syntax.Name, bag, syntax.Span);
        }
    }

    private static DataType? Unknown(string name, DiagnosticBag bag, SourceSpan at)
    {
        bag.Add(BindingErrors.UnknownType(at, name, Names));
        return null;
    }
}
