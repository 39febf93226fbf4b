using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;

namespace Lakeflow.Compiler.Tests.Functions;

public class FunctionResolutionTests
{
    private static ResolvedCall Call(string name, params DataType[] types) => FunctionResolution.Require(name, [.. types]);

    [Theory]
    [InlineData("+", "INT", "BIGINT", "BIGINT")]
    [InlineData("+", "TINYINT", "TINYINT", "TINYINT")]
    [InlineData("+", "INT", "FLOAT", "DOUBLE")]
    [InlineData("+", "DECIMAL(10,2)", "INT", "DECIMAL(13,2)")]
    [InlineData("+", "DECIMAL(10,2)", "DOUBLE", "DOUBLE")]
    [InlineData("*", "DECIMAL(10,2)", "DECIMAL(5,1)", "DECIMAL(16,3)")]
    [InlineData("*", "DECIMAL(38,10)", "DECIMAL(38,10)", "DECIMAL(38,6)")]
    [InlineData("/", "DECIMAL(10,2)", "DECIMAL(5,1)", "DECIMAL(17,8)")]
    [InlineData("/", "INT", "INT", "DOUBLE")]
    [InlineData("%", "DECIMAL(10,2)", "DECIMAL(5,1)", "DECIMAL(6,2)")]
    [InlineData("div", "INT", "INT", "BIGINT")]
    [InlineData("+", "STRING", "INT", "BIGINT")]
    [InlineData("+", "STRING", "DECIMAL(10,2)", "DOUBLE")]
    [InlineData("+", "DATE", "INT", "DATE")]
    [InlineData("-", "DATE", "DATE", "INTERVAL DAY TO SECOND")]
    [InlineData("-", "TIMESTAMP", "DATE", "INTERVAL DAY TO SECOND")]
    [InlineData("=", "STRING", "INT", "BOOLEAN")]
    [InlineData("coalesce", "INT", "DECIMAL(10,2)", "DECIMAL(12,2)")]
    [InlineData("||", "STRING", "INT", "STRING")]
    public void Types_of_binary_calls(string name, string left, string right, string result) =>
        Assert.Equal(result, Call(name, Type(left), Type(right)).Result.ToString());

    [Fact]
    public void A_literal_takes_only_its_digits_beside_a_decimal()
    {
        var resolution = FunctionResolution.Resolve(FunctionTable.Find("*")!, [new Argument(new DecimalType(10, 2)), new Argument(DataType.Int32, false, true, 2)]);
        Assert.Equal(new DecimalType(12, 2), resolution.Call!.Result);
    }

    [Fact]
    public void A_number_is_printed_where_a_text_is_wanted() => Assert.Equal(DataType.String, Assert.Single(Call("upper", DataType.Int32).ArgumentTypes));

    [Fact]
    public void A_text_is_read_where_a_date_is_wanted() => Assert.Equal(DataType.Date, Assert.Single(Call("year", DataType.String).ArgumentTypes));

    [Fact]
    public void An_interval_of_whole_days_keeps_a_date()
    {
        var day = new Argument(DataType.DayTimeInterval, false, true, 86_400_000_000L);
        Assert.Equal(DataType.Date, FunctionResolution.Resolve(FunctionTable.Find("+")!, [new Argument(DataType.Date), day]).Call!.Result);
        Assert.Equal(DataType.Timestamp, FunctionResolution.Resolve(FunctionTable.Find("+")!, [new Argument(DataType.Date), day with { Value = 1L }]).Call!.Result);
    }

    [Fact]
    public void Sums_and_means_have_their_types()
    {
        Assert.Equal("BIGINT", Call("sum", DataType.Int32).Result.ToString());
        Assert.Equal("DECIMAL(20,2)", Call("sum", new DecimalType(10, 2)).Result.ToString());
        Assert.Equal("DECIMAL(14,6)", Call("avg", new DecimalType(10, 2)).Result.ToString());
        Assert.Equal("DOUBLE", Call("avg", DataType.Int32).Result.ToString());
        Assert.Equal("DOUBLE", Call("sum", DataType.Float).Result.ToString());
    }

    [Fact]
    public void A_call_that_fits_nothing_says_why()
    {
        var resolution = FunctionResolution.Resolve(FunctionTable.Find("year")!, [new Argument(DataType.Boolean)]);
        Assert.Null(resolution.Call);
        Assert.Contains("BOOLEAN", resolution.Problem, StringComparison.Ordinal);
        Assert.Equal("year takes 1 argument, not 2.", FunctionResolution.Resolve(FunctionTable.Find("year")!, [new Argument(DataType.Date), new Argument(DataType.Date)]).Problem);
    }

    [Fact]
    public void Array_functions_find_the_element_type()
    {
        Assert.Equal("INT", Call("element_at", new ListType(DataType.Int32), DataType.Int32).Result.ToString());
        Assert.Equal("BIGINT", ((ListType)Call("array_contains", new ListType(DataType.Int32), DataType.Int64).ArgumentTypes[0]).Element.Type.ToString());
    }

    [Theory]
    [InlineData("a INT, b STRUCT<c: DATE, d ARRAY<STRING>>", "STRUCT<a: INT, b: STRUCT<c: DATE, d: ARRAY<STRING>>>")]
    [InlineData("ARRAY<DECIMAL(10, 2)>", "ARRAY<DECIMAL(10,2)>")]
    [InlineData("MAP<STRING, BIGINT>", "MAP<STRING, BIGINT>")]
    public void A_schema_text_is_read(string ddl, string type)
    {
        Assert.True(DdlSchema.TryParse(ddl, out var parsed));
        Assert.Equal(type, parsed.ToString());
    }

    [Theory]
    [InlineData("STRING", "INT", "BIGINT")]
    [InlineData("STRING", "DECIMAL(5,2)", "DOUBLE")]
    [InlineData("STRING", "DATE", "DATE")]
    [InlineData("DATE", "TIMESTAMP", "TIMESTAMP")]
    [InlineData("INT", "FLOAT", "DOUBLE")]
    [InlineData("INT", "DECIMAL(5,2)", "DECIMAL(12,2)")]
    [InlineData("BOOLEAN", "INT", null)]
    public void Least_common_types(string a, string b, string? common)
    {
        Assert.Equal(common, TypeCoercion.LeastCommonType(Type(a), Type(b))?.ToString());
        Assert.Equal(common, TypeCoercion.LeastCommonType(Type(b), Type(a))?.ToString());
    }

    private static DataType Type(string text) => DdlSchema.TryParse(text, out var type) ? type : throw new ArgumentException(text);
}
