using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Tests.Files;

public sealed class JsonTests : IDisposable
{
    private static readonly (string, string) NoRescue = ("rescuedDataColumn", "");

    private readonly FileCase files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Types_are_merged_over_all_records_and_ordered_by_name()
    {
        files.Write("a.json", """
            {"s":"x","i":1,"d":1,"b":true,"n":null,"o":{"y":1,"x":"q"},"l":[1,2.5]}
            {"i":12345678901,"d":0.5,"mixed":1,"o":{"z":[]},"l":[]}

            {"mixed":"t","huge":123456789012345678901234567890}
            """);
        Assert.Equal(
            "b BOOLEAN, d DOUBLE, huge DECIMAL(30,0), i BIGINT, l ARRAY<DOUBLE>, mixed STRING, n STRING, o STRUCT<x: STRING, y: BIGINT, z: ARRAY<STRING>>, s STRING",
            FileCase.SchemaOf(files.Spec("a.json", NoRescue)).ToString());
        Assert.Equal(
            [
                "True|1|NULL|1|[1,2.5]|NULL|NULL|{q,1,NULL}|x",
                "NULL|0.5|NULL|12345678901|[]|1|NULL|{NULL,NULL,[]}|NULL",
                "NULL|NULL|123456789012345678901234567890|NULL|NULL|t|NULL|NULL|NULL",
            ],
            FileCase.Read(files.Spec("a.json", NoRescue)));
    }

    [Theory]
    [InlineData("""{"a":"q\"\\\/\b\f\n\r\t"}""", "q\"\\/\b\f\n\r\t")]
    [InlineData("""{"a":"\u00e6\uD83D\uDE00"}""", "æ😀")]
    [InlineData("""{"a":"\uD83D x"}""", "\uFFFD x")]
    [InlineData("""{"\u0061":"key"}""", "key")]
    [InlineData("""{"a":"first","a":"last"}""", "last")]
    [InlineData("""{'a':'single'}""", "single")]
    [InlineData("""{"A":"other case"}""", "other case")]
    [InlineData("""{"A":"no","a":"exact","A":"no"}""", "exact")]
    [InlineData("""{"a": { "x" : [ 1 , "b c" ] } }""", """{"x":[1,"b c"]}""")]
    [InlineData("""{"a":-1.50e+3}""", "-1.50e+3")]
    [InlineData("""{"a":true}""", "true")]
    [InlineData("""{"a":null}""", "NULL")]
    [InlineData("""{}""", "NULL")]
    public void Text_is_what_the_value_says(string record, string expected)
    {
        files.Write("a.json", record);
        Assert.Equal([expected], FileCase.Read(files.Spec("a.json") with { Declared = new Schema(new Field("a", DataType.String)) }));
    }

    [Fact]
    public void Every_type_reads_its_tokens_and_nothing_else()
    {
        var types = new Schema(
            new Field("i", DataType.Int32), new Field("f", DataType.Float), new Field("dec", new DecimalType(5, 2)), new Field("big", new DecimalType(30, 1)), new Field("d", DataType.Date),
            new Field("ts", DataType.Timestamp), new Field("bin", DataType.Binary), new Field("m", new MapType(DataType.String, DataType.Int64)));
        files.Write("a.json", """
            {"i":7,"f":"NaN","dec":1.005,"big":"12345678901234567890.25","d":"2026-01-31","ts":"2026-01-31T12:00:00+02:00","bin":"AQI=","m":{"a":1,"b":2,"a":3}}
            {"i":7.5,"f":"x","dec":12345,"big":true,"d":5,"ts":60,"bin":"?","m":[1]}
            """);
        Assert.Equal(
            ["7|NaN|101|123456789012345678903|2026-01-31|2026-01-31 10:00:00|0102|{a:3,b:2}", "NULL|NULL|NULL|NULL|NULL|1970-01-01 00:01:00|NULL|NULL"],
            FileCase.Read(files.Spec("a.json") with { Declared = types }, out var counts));
        Assert.Equal(1, counts.Malformed);
    }

    [Fact]
    public void Arrays_of_a_line_and_documents_of_a_file_are_records()
    {
        files.Write("a.json", "[{\"a\":1},{\"a\":2}]\n\n{\"a\":3}\n[]\n");
        Assert.Equal(["1", "2", "3"], FileCase.Read(files.Spec("a.json", NoRescue)));
        files.Write("b.json", "[\n {\"a\":\n1},\n {\"a\":2} ]");
        Assert.Equal(["1", "2"], FileCase.Read(files.Spec("b.json", NoRescue, ("multiLine", "true"))));
        files.Write("c.json", "{\"a\":\n1}\n{\"a\":2}");
        Assert.Equal(["1", "2"], FileCase.Read(files.Spec("c.json", NoRescue, ("multiLine", "true"))));
    }

    [Fact]
    public void Broken_records_are_kept_dropped_or_fail()
    {
        files.Write("a.json", "{\"a\":1}\n{\"a\":\n[1]\n{\"a\":2}x\n{\"a\":3}\n");
        var rows = FileCase.Read(files.Spec("a.json"), out var counts);
        Assert.Equal(5, rows.Count);
        Assert.Equal($"NULL|{{\"_corrupt_record\":\"{{\\\"a\\\":\",\"_file_path\":\"{files.Root}/a.json\"}}", rows[1]);
        Assert.Equal((5, 3, 3), (counts.Rows, counts.Malformed, counts.Rescued));
        Assert.Equal(["1", "3"], FileCase.Read(files.Spec("a.json", NoRescue, ("mode", "DROPMALFORMED")), out counts));
        Assert.Equal((2, 3, 3), (counts.Rows, counts.Malformed, counts.Dropped));
        var fault = Assert.Throws<RuntimeError>(() => FileCase.Read(files.Spec("a.json", NoRescue, ("mode", "FAILFAST"))));
        Assert.Equal("LF7020", fault.Code);
        Assert.Contains("a.json:2: ", fault.Message, StringComparison.Ordinal);
        var schema = new Schema(new Field("a", DataType.Int64), new Field("_corrupt_record", DataType.String));
        Assert.Equal(["1|NULL", "NULL|{\"a\":", "NULL|1", "NULL|{\"a\":2}x", "3|NULL"], FileCase.Read(files.Spec("a.json") with { Declared = schema }));
    }

    [Fact]
    public void What_does_not_fit_and_what_nobody_knows_is_rescued()
    {
        files.Write("a.json", """
            {"a":1,"o":{"x":1}}
            {"a":"t","new":[1, 2],"o":{"x":1,"y":2}}
            """);
        var declared = new Schema(new Field("a", DataType.Int64), new Field("o", new StructType([new("x", DataType.Int64)])));
        var spec = files.Spec("a.json", ("rescuedDataColumn", "_rescued_data")) with { Declared = declared };
        Assert.Equal(
            ["1|{1}|NULL", $"NULL|{{1}}|{{\"a\":\"t\",\"o\":{{\"x\":1,\"y\":2}},\"new\":[1,2],\"_file_path\":\"{files.Root}/a.json\"}}"],
            FileCase.Read(spec, out var counts));
        Assert.Equal((2, 0, 1), (counts.Rows, counts.Malformed, counts.Rescued));
    }

    [Fact]
    public void Values_that_do_not_fit_drop_their_record_where_nothing_rescues_them()
    {
        files.Write("a.json", "{\"a\":1,\"b\":1}\n{\"a\":2,\"b\":\"x\"}\n{\"a\":3,\"b\":3}\n");
        var declared = new Schema(new Field("a", DataType.Int64), new Field("b", DataType.Int64));
        Assert.Equal(["1|1", "3|3"], FileCase.Read(files.Spec("a.json", ("mode", "DROPMALFORMED")) with { Declared = declared }, out var counts));
        Assert.Equal((2, 1), (counts.Rows, counts.Dropped));
    }

    [Fact]
    public void Columns_of_cloud_files_are_text_unless_asked()
    {
        files.Write("a.json", "{\"a\":1,\"o\":{\"x\": 1}}\n");
        var spec = files.Spec("a.json", NoRescue) with { IsCloudFiles = true };
        Assert.Equal("a STRING, o STRING", FileCase.SchemaOf(spec).ToString());
        Assert.Equal(["1|{\"x\":1}"], FileCase.Read(spec));
    }

    [Fact]
    public void Hints_reach_into_structs()
    {
        files.Write("a.json", "{\"o\":{\"x\":1},\"t\":\"2026-01-31\"}\n");
        var spec = files.Spec("a.json", NoRescue) with { Hints = new Schema(new Field("o.x", DataType.String), new Field("t", DataType.Date), new Field("more", DataType.Int32)) };
        Assert.Equal("o STRUCT<x: STRING>, t DATE, more INT", FileCase.SchemaOf(spec).ToString());
        Assert.Equal(["{1}|2026-01-31|NULL"], FileCase.Read(spec));
    }

    [Fact]
    public void Patterns_read_dates_and_timestamps()
    {
        files.Write("a.json", "{\"d\":\"31/01/2026\",\"t\":\"Jan 5, 2026 3:07 PM\"}\n{\"d\":\"2026-01-31\",\"t\":\"x\"}");
        var spec = files.Spec("a.json", ("dateFormat", "dd/MM/yyyy"), ("timestampFormat", "MMM d, yyyy h:mm a"), ("timeZone", "+01:00")) with
        {
            Declared = new Schema(new Field("d", DataType.Date), new Field("t", DataType.Timestamp)),
        };
        Assert.Equal(["2026-01-31|2026-01-05 14:07:00", "NULL|NULL"], FileCase.Read(spec));
    }
}
