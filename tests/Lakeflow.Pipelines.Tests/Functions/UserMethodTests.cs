using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests.Functions;

/// <summary>Methods marked <c>[SqlFunction]</c>, called from SQL.</summary>
public class UserMethodTests
{
    [Theory]
    [InlineData("bool_not(true)", "False")]
    [InlineData("same_tiny(CAST(5 AS TINYINT))", "5")]
    [InlineData("same_tiny(5)", "5")]
    [InlineData("same_small(-7)", "-7")]
    [InlineData("same_float(2)", "2")]
    [InlineData("add_days(DATE'2024-02-28', 2)", "19783")]
    [InlineData("add_days('2024-02-28', '2')", "19783")]
    [InlineData("next_hour(TIMESTAMP'1970-01-01 00:00:00.000001')", "3600000001")]
    [InlineData("local_noon(TIMESTAMP_NTZ'1969-12-31 23:59:59')", "-43200000000")]
    [InlineData("twice_as_long(INTERVAL '1' SECOND)", "2000000")]
    [InlineData("hex(backwards(X'0102'))", "0201")]
    [InlineData("first_byte(X'41')", "65")]
    [InlineData("tail('åse')", "\uFFFDse")]
    [InlineData("tail('abc')", "bc")]
    [InlineData("CAST(gross(10.50, 0.25) AS STRING)", "13.13")]
    [InlineData("CAST(gross(2, -0.5) AS STRING)", "1.00")]
    [InlineData("typeof(gross(2, 1))", "decimal(12,2)")]
    [InlineData("CAST(PlainDecimal(CAST('12345678901234567890.125' AS DECIMAL(38,3))) AS STRING)", "12345678901234567890.125000000000000000")]
    [InlineData("typeof(plaindecimal(1))", "decimal(38,18)")]
    [InlineData("shout('hei')", "HEI!")]
    [InlineData("SHOUT(12)", "12!")]
    [InlineData("twice_nested(4)", "8")]
    [InlineData("size_of(1)", "int 1")]
    [InlineData("size_of(1L)", "long 1")]
    [InlineData("size_of('a')", "text a")]
    [InlineData("size_of(CAST(1 AS SMALLINT))", "int 1")]
    [InlineData("old_style('a')", "a")]
    public void Each_type_of_SQL_that_C_sharp_has_goes_in_and_comes_out(string call, string result)
    {
        Assert.Equal([result], UserCode.Of($"SELECT {call} AS x"));
        Assert.Equal([result], UserCode.Of($"SELECT {call} AS x FROM items WHERE id = 1"));
    }

    [Fact]
    public void NULL_goes_to_a_parameter_that_takes_it_and_is_the_result_of_one_that_does_not()
    {
        Assert.Equal(
            ["1 | ALE! | ale | 13 | 4", "2 | NULL | unknown | 9 | NULL", "3 | ! | NULL | NULL | NULL", "4 | BREAD! | bread | 17 | 8"],
            UserCode.Of("SELECT id, shout(name), or_unknown(name), sum_or_null(qty, 10), sum_or_null(nullif(qty, -1), 1) FROM items"));
        Assert.Equal(["NULL | unknown | NULL | NULL"], UserCode.Of("SELECT shout(NULL), or_unknown(NULL), sum_or_null(NULL, 1), gross(NULL, 1)"));
        Assert.Equal(["3"], UserCode.Of("SELECT id FROM items WHERE or_unknown(name) IS NULL"));
        Assert.Equal(["2", "3"], UserCode.Of("SELECT id FROM items WHERE old_style(name) IS NULL"));
    }

    [Fact]
    public void A_result_that_cannot_be_NULL_is_known_not_to_be()
    {
        var columns = UserCode.Compile("SELECT twice_nested(id) AS a, twice_nested(qty) AS b, or_unknown('x') AS c, sum_or_null(qty, 1) AS d, old_style('x') AS e FROM items")
            .Improved!.Flows[0].Plan.Columns;
        Assert.Equal([false, true, true, true, true], columns.Select(c => c.Nullable));
    }

    [Fact]
    public void Calls_stand_wherever_an_expression_does()
    {
        Assert.Equal(["1", "4"], UserCode.Of("SELECT id FROM items WHERE shout(name) LIKE '%E%' OR shout(name) = 'BREAD!'"));
        Assert.Equal(["2"], UserCode.Of("SELECT count(*) FROM items WHERE gross(price, 1) > 5"));
        Assert.Equal(["ALE! | 6", "BREAD! | 14", "NULL | -2"], UserCode.Of("SELECT shout(name) AS n, sum(twice_nested(qty)) FROM items WHERE id <> 3 GROUP BY shout(name)"));
        Assert.Equal(["big", "none", "small", "small"], UserCode.Of("SELECT CASE WHEN qty IS NULL THEN 'none' WHEN twice_nested(qty) > 10 THEN 'big' ELSE 'small' END FROM items"));
        Assert.Equal(["[2, 4, NULL]"], UserCode.Of("SELECT transform(array(1, 2, NULL), x -> twice_nested(x))"));
        Assert.Equal(["1 | 6", "4 | 14"], UserCode.Of("SELECT a.id, twice_nested(b.qty) FROM items a JOIN items b ON twice_nested(a.id) = twice_nested(b.id) WHERE b.qty > 0"));
        Assert.Equal(["10"], UserCode.Of("SELECT sum(CASE WHEN picky(qty, 'xx') > 4 THEN qty END) FROM items WHERE qty > 0 AND picky(qty, name) > 0"));
    }

    [Fact]
    public void What_is_guarded_is_not_called()
    {
        Assert.Equal(["1", "4"], UserCode.Of("SELECT id FROM items WHERE qty > 0 AND picky(qty, name) > 0"));
        Assert.Equal(["0", "0", "12", "6"], UserCode.Of("SELECT if(qty > 0, picky(qty, name), 0) FROM items"));
        Assert.Equal(["12", "6", "NULL", "NULL"], UserCode.Of("SELECT nullif(coalesce(CASE WHEN qty > 0 THEN picky(qty, name) END, 0), 0) FROM items"));
    }

    [Fact]
    public void An_exception_has_the_place_the_method_and_its_arguments()
    {
        var fault = Assert.ThrowsAny<RuntimeError>(() => UserCode.Of("SELECT id,\n       picky(qty, shout('x')) AS p\nFROM items"));
        Assert.Equal("LF5013", fault.Code);
        Assert.Equal((2, 8), (fault.At.Line, fault.At.Column));
        Assert.StartsWith(
            "Lakeflow.Pipelines.Tests.Functions.ShopFunctions.Picky(-1, \"X!\") failed: ArgumentOutOfRangeException: no negative quantities", fault.Message, StringComparison.Ordinal);
        Assert.IsType<ArgumentOutOfRangeException>(fault.InnerException);
        Assert.Equal(("LF5013", 8), Thrown("SELECT liar('abcd')"));
        Assert.Equal(("LF5002", 8), Thrown("SELECT add_days(DATE'12000-01-01', 1)"));
        Assert.Equal(("LF5002", 8), Thrown("SELECT plaindecimal(CAST('99999999999999999999999999999999999999' AS DECIMAL(38,0)))"));
        Assert.Equal(("LF5005", 8), Thrown("SELECT gross(99999999999, 9)"));
    }

    [Fact]
    public void One_that_differs_at_each_call_is_called_for_each_row_and_place()
    {
        var rows = UserCode.Of("SELECT DISTINCT count_up() FROM items UNION SELECT count_up() FROM items");
        Assert.Equal(8, rows.Count);
        Assert.Equal(["4 | 4"], UserCode.Of("SELECT count(DISTINCT a), count(DISTINCT b) FROM (SELECT count_up() AS a, count_up() AS b FROM items)"));
        Assert.Equal(["true"], UserCode.Of("SELECT bool_and(a = b) FROM (SELECT a, a AS b FROM (SELECT roll(1) AS a FROM items))").Select(x => x.ToLowerInvariant()));
        Assert.StartsWith("LF2900 1,8", UserCode.Refused("SELECT count_up() BETWEEN 1 AND 2"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_does_not_fit_says_what_would()
    {
        Assert.Equal("LF2005 1,8 add_days does not take (DATE, DATE); it is add_days(DATE, INT).", UserCode.Refused("SELECT add_days(DATE'2024-01-01', DATE'2024-01-01')"));
        Assert.Equal("LF2005 1,8 picky takes 2 arguments, not 1.", UserCode.Refused("SELECT picky(1)"));
        Assert.Equal("LF2003 1,8 There is no function 'shoud'. Did you mean 'shout'?", UserCode.Refused("SELECT shoud('a')"));
        Assert.Equal(
            "LF2005 1,8 Both Lakeflow.Pipelines.Tests.Functions.ShopFunctions.SizeOf(int number) and Lakeflow.Pipelines.Tests.Functions.ShopFunctions.SizeOf(long number) fit (VOID). CAST an argument to the type that you mean.",
            UserCode.Refused("SELECT size_of(NULL)"));
        Assert.StartsWith("LF2005 1,8 shout", UserCode.Refused("SELECT shout(name) OVER (ORDER BY id) FROM items"), StringComparison.Ordinal);
        Assert.StartsWith("LF2005 1,8 shout is no aggregate function", UserCode.Refused("SELECT shout(DISTINCT name) FROM items"), StringComparison.Ordinal);
        Assert.StartsWith("LF2005 1,14 shout takes its arguments by position", UserCode.Refused("SELECT shout(text => 'a')"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("takes_uri('x')", "ShopFunctions.TakesUri is marked [SqlFunction], but its parameter 'address' is System.Uri. Types that SQL has too: bool, ")]
    [InlineData("takes_ref(1)", "ShopFunctions.TakesRef is marked [SqlFunction], but its parameter 'x' is ref int.")]
    [InlineData("gives_nothing(1)", "ShopFunctions.GivesNothing is marked [SqlFunction], but it returns nothing.")]
    [InlineData("generic_one(1)", "ShopFunctions.Generic is marked [SqlFunction], but it is generic. Make it public static, in public types, and not generic.")]
    [InlineData("hidden_one(1)", "ShopFunctions.Hidden is marked [SqlFunction], but it is not public.")]
    [InlineData("in_hidden_type(1)", "HiddenFunctions.Same is marked [SqlFunction], but its type Lakeflow.Pipelines.Tests.Functions.HiddenFunctions is not public.")]
    [InlineData("of_an_object(1)", "InstanceFunctions.Same is marked [SqlFunction], but it is not static.")]
    [InlineData("wrong_returns(1)", "ShopFunctions.WrongReturns is marked [SqlFunction], but its Returns is 'INT'.")]
    public void A_method_that_SQL_cannot_call_says_why(string call, string reason) =>
        Assert.StartsWith("LF2070 1,8 The method Lakeflow.Pipelines.Tests.Functions." + reason, UserCode.Refused("SELECT " + call), StringComparison.Ordinal);

    [Fact]
    public void A_built_in_function_is_not_hidden_in_silence() => Assert.Equal(
        "LF2071 1,8 'upper' is a built-in function, and the method Lakeflow.Pipelines.Tests.Functions.ShopFunctions.Upper is marked [SqlFunction] under the same name. Give the method a name of its own: [SqlFunction(\"my_upper\")].",
        UserCode.Refused("SELECT upper('a')"));

    private static (string Code, int Column) Thrown(string query)
    {
        var error = Assert.ThrowsAny<RuntimeError>(() => UserCode.Of(query));
        return (error.Code, error.At.Column);
    }
}
