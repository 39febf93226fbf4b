using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>JSON in texts.</summary>
internal static class JsonFunctions
{
    public static readonly SqlFunction GetJsonObject = new("get_json_object")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.String).PerRow(JsonKernels.TryGetObject)],
        Summary = "What stands at a path such as $.a[0].b: a string as it is, anything else as JSON; NULL for nothing.",
        Examples = [("get_json_object('{\"a\":{\"b\":1}}', '$.a.b')", "'1'"), ("get_json_object('{\"a\":\"x\"}', '$.b')", "NULL")],
    };

    public static readonly SqlFunction Path = new(":")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.String).PerRow(JsonKernels.TryPath)],
        Summary = "`text:a.b[0]`: as get_json_object, but names match in any case; `text:['a']` matches as it is written.",
        Examples =
        [
            ("'{\"a\":[1,2]}':a[1]", "'2'"), ("'{\"A\":{\"Zip code\":3}}':a.`zip Code`", "'3'"), ("'{\"A\":1}':['a']", "NULL"),
            ("'{\"A\":1,\"a\":2}':a", "'2'"), ("'{\"x.y\":1}':['x.y']", "'1'"),
        ],
    };

    public static readonly SqlFunction FromJson = new("from_json")
    {
        Overloads =
        [
            Fn(Text, Schema).ReturnsFrom(FromSchema).PerRow(JsonKernels.FromJson).MaybeNull(),
            Fn(Text, Schema, Options).ReturnsFrom(FromSchema).PerRow(JsonKernels.FromJsonWithOptions).MaybeNull(),
        ],
        Summary = "A value of the type that the schema (DDL) names; malformed JSON gives a struct of NULLs. Options: dateFormat, timestampFormat, timestampNTZFormat, timeZone, mode (PERMISSIVE, FAILFAST).",
        Examples = [("from_json('{\"a\":1}', 'a INT').a", "1"), ("from_json('{\"a\":\"26/08/2015\"}', 'a DATE', map('dateFormat', 'dd/MM/yyyy')).a", "DATE'2015-08-26'")],
    };

    public static readonly SqlFunction ToJson = new("to_json")
    {
        Overloads =
        [
            Fn(AnyNested).Returns(DataType.String).PerRow(JsonKernels.ToJson),
            Fn(AnyNested, Options).Returns(DataType.String).PerRow(JsonKernels.ToJsonWithOptions),
        ],
        Summary = "As JSON; fields that are NULL are left out. Options: dateFormat, timestampFormat, timestampNTZFormat, timeZone, ignoreNullFields, pretty.",
        Examples = [("to_json(named_struct('a', 1, 'b', NULL))", "'{\"a\":1}'")],
    };

    public static readonly SqlFunction JsonArrayLength = new("json_array_length")
    {
        Overloads = [Fn(OnlyText).Returns(DataType.Int32).PerRow(JsonKernels.TryArrayLength)],
        Summary = "Elements of a JSON array; NULL if it is none.",
        Examples = [("json_array_length('[1,2,3]')", "3")],
    };

    public static readonly SqlFunction JsonObjectKeys = new("json_object_keys")
    {
        Overloads = [Fn(OnlyText).Returns(new ListType(DataType.String)).PerRow(JsonKernels.ObjectKeys).MaybeNull()],
        Summary = "The names in a JSON object; NULL if it is none.",
        Examples = [("array_join(json_object_keys('{\"a\":1,\"b\":2}'), ',')", "'a,b'")],
    };

    private static Where OnlyText => new(Text, a => a.Type is StringType or NullType);

    private static Where Schema => new(Constant(Text), a => a.Type is StringType && (a.Value is not string ddl || DdlSchema.TryParse(ddl, out _)));

    private static OneOf Options => new("MAP<STRING, STRING>", t => t is MapType { Key.Type: StringType, Value.Type: StringType });

    private static DataType FromSchema(ImmutableArray<Argument> arguments) =>
        arguments[1].Value is string ddl && DdlSchema.TryParse(ddl, out var type) ? type : new StructType([]);
}
