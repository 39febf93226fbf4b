using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>CSV in texts, and the types that texts look like.</summary>
internal static class CsvFunctions
{
    public static readonly SqlFunction FromCsv = new("from_csv")
    {
        Overloads =
        [
            Fn(Text, Schema).ReturnsFrom(FromSchema).PerRow(CsvKernels.FromCsv).MaybeNull(),
            Fn(Text, Schema, Options).ReturnsFrom(FromSchema).PerRow(CsvKernels.FromCsvWithOptions).MaybeNull(),
        ],
        Summary = "A STRUCT of the columns that the schema (DDL) names; what does not convert is NULL. Options: sep, quote, escape, nullValue, emptyValue, dateFormat, timestampFormat, timestampNTZFormat, timeZone, mode (PERMISSIVE, FAILFAST).",
        Examples = [("from_csv('1, 3.5', 'a INT, f FLOAT').f", "3.5F"), ("from_csv('x|\"y|z\"', 'a STRING, b STRING', map('sep', '|')).b", "'y|z'"), ("from_csv('7', 'a INT, b INT').b", "NULL")],
    };

    public static readonly SqlFunction ToCsv = new("to_csv")
    {
        Overloads =
        [
            Fn(Row).Returns(DataType.String).PerRow(CsvKernels.ToCsv),
            Fn(Row, Options).Returns(DataType.String).PerRow(CsvKernels.ToCsvWithOptions),
        ],
        Summary = "The values of a STRUCT as a CSV record. Options: sep, quote, escape, nullValue, dateFormat, timestampFormat, timestampNTZFormat, timeZone.",
        Examples = [("to_csv(named_struct('a', 1, 'b', NULL, 'c', 'x,y'))", "'1,,\"x,y\"'"), ("to_csv(named_struct('a', DATE'2026-01-31'), map('dateFormat', 'dd/MM/yyyy'))", "'31/01/2026'")],
    };

    public static readonly SqlFunction SchemaOfCsv = new("schema_of_csv")
    {
        Overloads = [Fn(OnlyText).Returns(DataType.String).NeverNull(), Fn(OnlyText, Options).Returns(DataType.String).NeverNull()],
        Lowering = Lowering.SchemaOf,
        Summary = "The types of a constant CSV record, as DDL for from_csv. Options: sep, quote, escape, nullValue.",
        Examples = [("schema_of_csv('1|abc', map('sep', '|'))", "'STRUCT<_c0: INT, _c1: STRING>'"), ("from_csv('2,x', schema_of_csv('1,abc'))._c0", "2")],
    };

    public static readonly SqlFunction SchemaOfJson = new("schema_of_json")
    {
        Overloads = [Fn(OnlyText).Returns(DataType.String).NeverNull(), Fn(OnlyText, Options).Returns(DataType.String).NeverNull()],
        Lowering = Lowering.SchemaOf,
        Summary = "The types of a constant JSON text, as DDL for from_json. Options: primitivesAsString, prefersDecimal.",
        Examples = [("schema_of_json('{\"b\":[1,2.5],\"a\":null}')", "'STRUCT<a: STRING, b: ARRAY<DOUBLE>>'"), ("from_json('{\"a\":5}', schema_of_json('{\"a\":1}')).a", "5L")],
    };

    private static Where OnlyText => new(Text, a => a.Type is StringType);

    private static OneOf Row => new("STRUCT", t => t is StructType { Fields: var fields } && fields.All(f => !f.Type.IsNested));

    private static Where Schema => new(Constant(Text), a => a.Type is StringType && (a.Value is not string ddl || (DdlSchema.TryParse(ddl, out var type) && Row.Accepts(type))));

    private static OneOf Options => new("MAP<STRING, STRING>", t => t is MapType { Key.Type: StringType, Value.Type: StringType });

    private static DataType FromSchema(ImmutableArray<Argument> arguments) =>
        arguments[1].Value is string ddl && DdlSchema.TryParse(ddl, out var type) ? type : new StructType([]);
}
