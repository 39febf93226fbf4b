using System.IO.Compression;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Tests.Files;

public sealed class CsvTests : IDisposable
{
    private static readonly (string, string) Header = ("header", "true");
    private static readonly (string, string) NoHeader = ("header", "false");

    private readonly FileCase files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Types_are_inferred_over_all_rows()
    {
        files.Write("a.csv", "i,l,d,t,ts,b,s,n\n1,3000000000,1.5,2026-01-31,2026-01-31 10:00:00,true,x,\n-2,4,2,1999-12-31,2026-01-31T10:00:00.5Z,FALSE,1,\n");
        var schema = FileCase.SchemaOf(files.Spec("a.csv", Header));
        Assert.Equal("i INT, l BIGINT, d DOUBLE, t DATE, ts TIMESTAMP, b BOOLEAN, s STRING, n STRING, _rescued_data STRING", schema.ToString());
        Assert.Equal(
            ["1|3000000000|1.5|2026-01-31|2026-01-31 10:00:00|True|x|NULL|NULL", "-2|4|2|1999-12-31|2026-01-31 10:00:00.5|False|1|NULL|NULL"],
            FileCase.Read(files.Spec("a.csv", Header)));
    }

    [Fact]
    public void Whole_numbers_beyond_bigint_are_decimals()
    {
        files.Write("a.csv", "v\n12345678901234567890\n1\n");
        Assert.Equal("v DECIMAL(20,0)", FileCase.SchemaOf(files.Spec("a.csv", Header, ("rescuedDataColumn", ""))).ToString());
        Assert.Equal(["12345678901234567890", "1"], FileCase.Read(files.Spec("a.csv", Header, ("rescuedDataColumn", ""))));
    }

    [Fact]
    public void Names_without_a_header_are_numbered()
    {
        files.Write("a.csv", "1,x\n2,y\n");
        Assert.Equal("_c0 INT, _c1 STRING, _rescued_data STRING", FileCase.SchemaOf(files.Spec("a.csv", NoHeader)).ToString());
        Assert.Equal(["1|x|NULL", "2|y|NULL"], FileCase.Read(files.Spec("a.csv", NoHeader)));
    }

    [Fact]
    public void The_first_line_is_taken_for_a_header_unless_the_columns_are_declared()
    {
        files.Write("a.csv", "id,name\n2,y\n");
        Assert.Equal("id INT, name STRING, _rescued_data STRING", FileCase.SchemaOf(files.Spec("a.csv")).ToString());
        Assert.Equal(["2|y|NULL"], FileCase.Read(files.Spec("a.csv")));
        var declared = files.Spec("a.csv") with { Declared = new Schema(new Field("a", DataType.String), new Field("b", DataType.String)) };
        Assert.Equal(["id|name", "2|y"], FileCase.Read(declared));
    }

    [Fact]
    public void Empty_and_double_names_of_a_header_get_their_place()
    {
        files.Write("a.csv", "a,,A,b\n1,2,3,4\n");
        Assert.Equal(["a0", "_c1", "A2", "b", "_rescued_data"], FileCase.SchemaOf(files.Spec("a.csv", Header)).Fields.Select(f => f.Name));
    }

    [Theory]
    [InlineData("\"a\",\"b,c\"\n", "a|b,c")]
    [InlineData("\"a \"\"q\"\" b\",x\n", "a \"q\" b|x")]
    [InlineData("\"a \\\"q\\\" b\",x\n", "a \"q\" b|x")]
    [InlineData("\"back\\\\slash\",\"c:\\dir\"\n", "back\\slash|c:\\dir")]
    [InlineData("a\"b,\"c\"d\n", "a\"b|\"c\"d")]
    [InlineData("\"open,x\n", "\"open,x|NULL")]
    [InlineData(",\"\"\n", "NULL|NULL")]
    [InlineData("x,y", "x|y")]
    [InlineData("x,\n", "x|NULL")]
    [InlineData("x,", "x|NULL")]
    [InlineData("\"x\",\"y\"", "x|y")]
    [InlineData("  a , b \n", "  a | b ")]
    public void Fields_are_told_apart(string text, string expected)
    {
        files.Write("a.csv", text);
        var spec = files.Spec("a.csv") with { Declared = new Schema(new Field("a", DataType.String), new Field("b", DataType.String)) };
        Assert.Equal([expected], FileCase.Read(spec));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Any_line_end_ends_a_line(string end)
    {
        files.Write("a.csv", $"a,b{end}1,2{end}{end}3,4{end}");
        Assert.Equal(["1|2|NULL", "3|4|NULL"], FileCase.Read(files.Spec("a.csv", Header)));
    }

    [Fact]
    public void A_line_end_of_the_users_own()
    {
        files.Write("a.csv", "a,b||1,2||3,4");
        Assert.Equal(["1|2|NULL", "3|4|NULL"], FileCase.Read(files.Spec("a.csv", Header, ("lineSep", "||"))));
    }

    [Fact]
    public void Quoted_line_breaks_need_multiLine()
    {
        files.Write("a.csv", "a,b\n\"x\ny\",1\nz,2\n");
        Assert.Equal(["x\ny|1|NULL", "z|2|NULL"], FileCase.Read(files.Spec("a.csv", Header, ("multiLine", "true"))));
        Assert.Equal(3, FileCase.Read(files.Spec("a.csv", Header)).Count);
    }

    [Fact]
    public void Long_separators_comments_and_skipped_rows()
    {
        files.Write("a.csv", "made by x\nand y\na||b\n#no\n1||2\n3|||4\n");
        Assert.Equal(["1|2|NULL", "3||4|NULL"], FileCase.Read(files.Spec("a.csv", Header, ("sep", "||"), ("comment", "#"), ("skipRows", "2"))));
    }

    [Fact]
    public void Null_and_empty_values_are_what_the_options_say()
    {
        files.Write("a.csv", "a,b\nNA,1\n\"\",NA\n,3\n");
        Assert.Equal("a STRING, b INT, _rescued_data STRING", FileCase.SchemaOf(files.Spec("a.csv", Header, ("nullValue", "NA"))).ToString());
        Assert.Equal(["NULL|1|NULL", "|NULL|NULL", "NULL|3|NULL"], FileCase.Read(files.Spec("a.csv", Header, ("nullValue", "NA"))));
        Assert.Equal(["NULL|1|NULL", "empty|NULL|NULL", "NULL|3|NULL"], FileCase.Read(files.Spec("a.csv", Header, ("nullValue", "NA"), ("emptyValue", "empty"))));
    }

    [Fact]
    public void Blanks_are_trimmed_where_asked()
    {
        files.Write("a.csv", " x , \" y \" \n");
        var spec = files.Spec("a.csv", NoHeader, ("ignoreLeadingWhiteSpace", "true"), ("ignoreTrailingWhiteSpace", "true"), ("rescuedDataColumn", ""));
        Assert.Equal(["x| y "], FileCase.Read(spec));
    }

    [Fact]
    public void What_does_not_fit_is_rescued()
    {
        files.Write("a.csv", "a,b\n1,x\noops,y\n");
        var spec = files.Spec("a.csv", Header) with { Hints = new Schema(new Field("a", DataType.Int32)) };
        var rows = FileCase.Read(spec, out var counts);
        Assert.Equal(["1|x|NULL", $"NULL|y|{{\"a\":\"oops\",\"_file_path\":\"{files.Root}/a.csv\"}}"], rows);
        Assert.Equal((2, 0, 1), (counts.Rows, counts.Malformed, counts.Rescued));
    }

    [Fact]
    public void Too_few_and_too_many_fields_are_malformed_and_kept()
    {
        files.Write("a.csv", "a,b\n1\n2,x,more,\"and more\"\n3,y\n");
        var rows = FileCase.Read(files.Spec("a.csv", Header), out var counts);
        Assert.Equal(["1|NULL|NULL", $"2|x|{{\"_c2\":\"more\",\"_c3\":\"and more\",\"_file_path\":\"{files.Root}/a.csv\"}}", "3|y|NULL"], rows);
        Assert.Equal((3, 2, 1), (counts.Rows, counts.Malformed, counts.Rescued));
        Assert.Equal(["3|y|NULL"], FileCase.Read(files.Spec("a.csv", Header, ("mode", "DROPMALFORMED")), out counts));
        Assert.Equal((1, 2, 2), (counts.Rows, counts.Malformed, counts.Dropped));
        var fault = Assert.Throws<RuntimeError>(() => FileCase.Read(files.Spec("a.csv", Header, ("mode", "FAILFAST"))));
        Assert.Equal("LF7020", fault.Code);
        Assert.Contains("a.csv:2: the record has 1 fields instead of 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_schema_without_rescue_keeps_broken_records_in_their_column()
    {
        files.Write("a.csv", "1,x\nz,y\n3\n");
        var schema = new Schema(new Field("a", DataType.Int32), new Field("b", DataType.String), new Field("_corrupt_record", DataType.String));
        var spec = files.Spec("a.csv") with { Declared = schema };
        Assert.Equal(["1|x|NULL", "NULL|y|z,y", "3|NULL|3"], FileCase.Read(spec));
        Assert.Equal(["1", "NULL", "3"], FileCase.Read(spec, ["a"]));
    }

    [Fact]
    public void Columns_go_by_name_where_the_header_knows_them_and_by_place_where_not()
    {
        files.Write("a.csv", "B,a\n1,2\n");
        Schema Of(string x, string y) => new(new Field(x, DataType.Int32), new Field(y, DataType.Int32));
        Assert.Equal(["2|1"], FileCase.Read(files.Spec("a.csv", Header) with { Declared = Of("a", "b") }));
        Assert.Equal(["1|2"], FileCase.Read(files.Spec("a.csv", Header) with { Declared = Of("x", "y") }));
        Assert.Equal(["1|2"], FileCase.Read(files.Spec("a.csv", Header, ("enforceSchema", "true")) with { Declared = Of("a", "b") }));
    }

    [Fact]
    public void Files_with_other_columns_are_read_by_the_union()
    {
        files.Write("1.csv", "a,b\n1,2\n");
        files.Write("2.csv", "c,b\n3,4\n");
        Assert.Equal(["1|2|NULL|NULL", "NULL|4|3|NULL"], FileCase.Read(files.Spec("", Header, ("format", "csv"))));
    }

    [Fact]
    public void A_new_column_is_rescued_refused_or_dropped()
    {
        files.Write("a.csv", "a,new\n1,2\n");
        var declared = new Schema(new Field("a", DataType.Int32));
        Assert.Equal(["1"], FileCase.Read(files.Spec("a.csv", Header) with { Declared = declared }));
        Assert.Equal([$"1|{{\"new\":\"2\",\"_file_path\":\"{files.Root}/a.csv\"}}"], FileCase.Read(files.Spec("a.csv", Header, ("rescuedDataColumn", "_rescued_data")) with { Declared = declared }));
        var fault = Assert.Throws<RuntimeError>(() => FileCase.Read(files.Spec("a.csv", Header, ("schemaEvolutionMode", "failOnNewColumns")) with { Declared = declared }));
        Assert.Equal("LF7021", fault.Code);
    }

    [Fact]
    public void Packed_and_transcoded_files_are_read_as_they_are()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) gzip.Write("a,b\n1,æ\n"u8);
        files.Write("a.csv.gz", packed.ToArray());
        Assert.Equal(["1|æ|NULL"], FileCase.Read(files.Spec("a.csv.gz", Header)));
        files.Write("b.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a,b\n1,æ\n")]);
        Assert.Equal(["1|æ|NULL"], FileCase.Read(files.Spec("b.csv", Header)));
        files.Write("c.csv", Encoding.Latin1.GetBytes("a,b\n1,æ\n"));
        Assert.Equal(["1|æ|NULL"], FileCase.Read(files.Spec("c.csv", Header, ("encoding", "ISO-8859-1"))));
        Assert.Equal(["1|\uFFFD|NULL"], FileCase.Read(files.Spec("c.csv", Header)));
        files.Write("d.csv", [.. Encoding.UTF8.Preamble, .. "a,b\n1,æ\n"u8]);
        Assert.Equal(["1|æ|NULL"], FileCase.Read(files.Spec("d.csv", Header)));
    }

    [Fact]
    public void A_packed_file_that_was_cut_or_is_none_is_an_error()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            for (var i = 0; i < 10_000; i++) gzip.Write(Encoding.UTF8.GetBytes(i + ",x\n"));
        }

        var whole = packed.ToArray();
        files.Write("twice.csv.gz", [.. whole, .. whole]);
        Assert.Equal(20_000, FileCase.Read(files.Spec("twice.csv.gz", NoHeader)).Count);
        foreach (var length in new[] { 12, whole.Length / 2, whole.Length - 9, whole.Length - 1 })
        {
            files.Write("cut.csv.gz", whole[..length]);
            var spec = files.Spec("cut.csv.gz") with { Declared = new Schema(new Field("a", DataType.Int32), new Field("b", DataType.String)) };
            Assert.Equal("LF7014", Assert.Throws<RuntimeError>(() => FileCase.Read(spec)).Code);
        }

        foreach (var content in new[] { "a,b\n1,x\n", "" })
        {
            files.Write("none/plain.csv.gz", content);
            var declared = new Schema(new Field("a", DataType.Int32), new Field("b", DataType.String));
            foreach (var spec in new[] { files.Spec("none", Header), files.Spec("none", Header) with { Declared = declared } }.Skip(content.Length == 0 ? 1 : 0))
                Assert.Contains("none/plain.csv.gz cannot be read: its name ends in .gz, but", Assert.Throws<RuntimeError>(() => FileCase.Read(spec)).Message, StringComparison.Ordinal);
            Assert.Empty(FileCase.Read(files.Spec("none", Header, ("ignoreCorruptFiles", "true")) with { Declared = declared }));
        }
    }

    [Fact]
    public void Folders_and_metadata_are_columns()
    {
        files.Write("year=2026/month=01/a.csv", "v\n1\n");
        files.Write("year=2025/month=x/b.csv", "v\n2\n");
        var spec = files.Spec("", ("header", "true"), ("rescuedDataColumn", ""));
        Assert.Equal("v INT, year INT, month STRING", FileCase.SchemaOf(spec).ToString());
        Assert.Equal(["2|2025|x", "1|2026|01"], FileCase.Read(spec));
        var metadata = FileCase.Read(spec, ["_metadata", "v"]);
        Assert.StartsWith($"{{{files.Root}/year=2025/month=x/b.csv,b.csv,4,0,4,", metadata[0], StringComparison.Ordinal);
        Assert.EndsWith("}|2", metadata[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_know_their_lines_however_the_file_is_cut()
    {
        var text = new StringBuilder("n,t\r\n");
        for (var i = 0; i < 500; i++) text.Append(i % 7 == 0 ? "\r\n" : "").Append(i).Append(",\"t ").Append(i).Append("\"\r\n");
        files.Write("a.csv", text.ToString());
        var spec = files.Spec("a.csv", Header);
        var list = Lakeflow.Connect.Files.FileListing.List(spec);
        var schema = FileCase.SchemaOf(spec);
        List<(long, List<string> Rows, List<string> Places)> Cut(long slice, int workers) =>
            FileCase.Batches(new Lakeflow.Connect.Files.FileSource(spec, schema, list, sliceBytes: slice), workers);
        var whole = Cut(1 << 20, 1);
        foreach (var slice in new[] { 17L, 64, 1000 })
        {
            foreach (var workers in new[] { 1, 2, 3 })
            {
                var cut = Cut(slice, workers);
                Assert.Equal(whole.SelectMany(b => b.Rows), cut.SelectMany(b => b.Rows));
                Assert.Equal(whole.SelectMany(b => b.Places), cut.SelectMany(b => b.Places));
            }
        }

        Assert.EndsWith("a.csv:3", whole[0].Places[0], StringComparison.Ordinal);
    }
}
