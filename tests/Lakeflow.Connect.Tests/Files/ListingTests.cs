using Lakeflow.Arrow;
using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Tests.Files;

public sealed class ListingTests : IDisposable
{
    private readonly FileCase files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("", "a.csv b.csv d/c.csv d/e/f.json")]
    [InlineData("*.csv", "a.csv b.csv")]
    [InlineData("?.csv", "a.csv b.csv")]
    [InlineData("[ab].csv", "a.csv b.csv")]
    [InlineData("[^a].csv", "b.csv")]
    [InlineData("[b-z].csv", "b.csv")]
    [InlineData("{a,d/c}.csv", "a.csv d/c.csv")]
    [InlineData("{a,{b,x}}.csv", "a.csv b.csv")]
    [InlineData("d/*", "d/c.csv d/e/f.json")]
    [InlineData("*/*.csv", "d/c.csv")]
    [InlineData("d", "d/c.csv d/e/f.json")]
    [InlineData("d/", "d/c.csv d/e/f.json")]
    [InlineData("a.csv", "a.csv")]
    public void Paths_name_files_folders_and_globs(string path, string expected)
    {
        foreach (var name in new[] { "a.csv", "b.csv", "d/c.csv", "d/e/f.json", "_hidden.csv", ".dot.csv", "d/_delta_log/x.csv" }) files.Write(name, "x");
        Assert.Equal(expected.Split(' '), Names(files.Spec(path)));
    }

    [Fact]
    public void A_link_to_nothing_is_named_at_once_or_left_out()
    {
        if (OperatingSystem.IsWindows()) return; // links need a privilege there
        files.Write("a.csv", "x");
        File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(files.Write("b.csv", "x"))!, "dead.csv"), "/nowhere/at/all.csv");

        var error = Assert.Throws<RuntimeError>(() => Names(files.Spec("")));

        Assert.Equal(("LF7015", false), (error.Code, error.IsRetryable));
        Assert.Contains("dead.csv is a link to /nowhere/at/all.csv", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a.csv", "b.csv"], Names(files.Spec("", ("ignoreMissingFiles", "true"))));
    }

    [Fact]
    public void Options_bound_the_listing()
    {
        File.SetLastWriteTimeUtc(files.Write("old.csv", "x"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(files.Write("new.csv", "x"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        files.Write("new.txt", "x");
        Assert.Equal(["new.csv", "old.csv"], Names(files.Spec("", ("pathGlobFilter", "*.csv"))));
        Assert.Equal(["new.csv"], Names(files.Spec("", ("fileNamePattern", "*.csv"), ("modifiedAfter", "2025-01-01"))));
        Assert.Equal(["old.csv"], Names(files.Spec("", ("cloudFiles.modifiedBefore", "2025-01-01T00:00:00Z"))));
        Assert.Equal(["old.csv"], Names(files.Spec("", ("modifiedBefore", "1735689600000000"))));
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        Assert.Equal("LF7011", Assert.Throws<RuntimeError>(() => FileListing.List(files.Spec("none"))).Code);
        var glob = Assert.Throws<RuntimeError>(() => FileListing.List(files.Spec("*.none")));
        Assert.Equal("LF7011", glob.Code);
        Assert.Contains("*.none", glob.Message, StringComparison.Ordinal);
        Assert.Empty(FileListing.List(files.Spec("")));
        Assert.Equal("LF7012", Assert.Throws<RuntimeError>(() => FileSchema.Infer(files.Spec("", ("format", "csv")), [])).Code);
        Assert.Equal("LF7013", Assert.Throws<RuntimeError>(() => FileListing.List(files.Spec("{a"))).Code);
    }

    [Fact]
    public void A_stream_of_known_columns_waits_for_files_but_not_for_their_folder()
    {
        FileScanSpec Stream(string path) => files.Spec(path, ("format", "csv")) with { IsStream = true, Declared = new Schema(new Field("id", DataType.Int32)) };
        Assert.Empty(FileListing.List(Stream("*.csv")));
        Assert.Empty(FileListing.List(Stream("{none,}/*.csv")));
        foreach (var path in (string[])["none/*.csv", "none/*/*.csv", "none"]) Assert.Equal("LF7011", Assert.Throws<RuntimeError>(() => FileListing.List(Stream(path))).Code);
    }

    [Fact]
    public void A_name_that_looks_like_a_glob_is_itself_where_it_exists()
    {
        files.Write("data[1].csv", "x");
        Assert.Equal(["data[1].csv"], Names(files.Spec("data[1].csv")));
    }

    [Fact]
    public void Mounts_show_in_paths_as_the_user_wrote_them()
    {
        files.Write("in/a=1/x.csv", "v\n1\n");
        var spec = files.Spec("in/*/*.csv", ("header", "true")) with { VisiblePath = "/Volumes/main/in/*/*.csv" };
        Assert.Equal("/Volumes/main/in/a=1/x.csv", FileListing.List(spec)[0].VisiblePath);
        Assert.Equal(["1|1|NULL"], FileCase.Read(spec));
    }

    [Fact]
    public void Partition_columns_are_typed_named_and_switched_off()
    {
        files.Write("d=2026-01-31/n=1/a%20b=x%2Fy/f.csv", "v\n1\n");
        files.Write("d=2026-02-01/n=__HIVE_DEFAULT_PARTITION__/f.csv", "v,n\n2,9\n");
        (string, string)[] common = [("header", "true"), ("rescuedDataColumn", "")];
        Assert.Equal("v INT, d DATE, n INT, a b STRING", FileCase.SchemaOf(files.Spec("", common)).ToString());
        Assert.Equal(["1|2026-01-31|1|x/y", "2|2026-02-01|NULL|NULL"], FileCase.Read(files.Spec("", common)));
        Assert.Equal(["1|1", "2|NULL"], FileCase.Read(files.Spec("", [.. common, ("partitionColumns", "n")])));
        Assert.Equal(["1|NULL", "2|9"], FileCase.Read(files.Spec("", [.. common, ("partitionColumns", "")])));
        Assert.Equal(["1|NULL", "2|9"], FileCase.Read(files.Spec("", [.. common, ("recursiveFileLookup", "true")])));
    }

    [Fact]
    public void A_step_takes_the_oldest_files_within_its_limits()
    {
        for (var i = 0; i < 5; i++) File.SetLastWriteTimeUtc(files.Write($"{5 - i}.csv", "12345"), DateTime.UnixEpoch.AddDays(i / 2));
        var spec = files.Spec("", ("maxFilesPerTrigger", "3"));
        var list = FileListing.List(spec);
        Assert.Equal(["4.csv", "5.csv", "2.csv"], FileBatches.Next(spec, list, _ => false).Select(f => f.Name));
        Assert.Equal(["2.csv", "3.csv", "1.csv"], FileBatches.Next(spec, list, f => f.Name is "4.csv" or "5.csv").Select(f => f.Name));
        Assert.Equal(["4.csv", "5.csv"], FileBatches.Next(files.Spec("", ("maxBytesPerTrigger", "11b")), list, _ => false).Select(f => f.Name));
        Assert.Single(FileBatches.Next(files.Spec("", ("maxBytesPerTrigger", "1")), list, _ => false));
        Assert.Empty(FileBatches.Next(spec, list, _ => true));
    }

    [Fact]
    public void Text_and_binary_files_have_columns_of_their_own()
    {
        File.SetLastWriteTimeUtc(files.Write("a.txt", "one\ntwo\r\n\nfour"), DateTime.UnixEpoch);
        Assert.Equal(["one", "two", "", "four"], FileCase.Read(files.Spec("a.txt")));
        Assert.Equal(["one\ntwo\r\n\nfour"], FileCase.Read(files.Spec("a.txt", ("wholeText", "true"))));
        Assert.Equal(["one", "two", "", "four"], FileCase.Read(files.Spec("a.txt"), workers: 2, sliceBytes: 3));
        Assert.Equal([$"{files.Root}/a.txt|1970-01-01 00:00:00|14|6F6E650A74776F0D0A0A666F7572"], FileCase.Read(files.Spec("a.txt", ("format", "binaryFile"))));
        Assert.Equal(["14"], FileCase.Read(files.Spec("a.txt", ("format", "binaryFile")), ["length"]));
    }

    [Fact]
    public void A_file_that_vanished_or_is_broken_is_told_or_left_out()
    {
        files.Write("a.csv", "1\n");
        files.Write("b.csv.gz", [0x1F, 0x8B, 8, 0, 0]);
        var spec = files.Spec("", ("format", "csv")) with { Declared = new Schema(new Field("v", DataType.Int32)) };
        var list = FileListing.List(spec);
        Assert.Equal("LF7014", Assert.Throws<RuntimeError>(() => FileCase.Read(spec)).Code);
        Assert.Equal("LF7014", Assert.Throws<RuntimeError>(() => FileSchema.Infer(files.Spec("", ("format", "csv")), list)).Code);
        Assert.Equal("_c0 INT, _rescued_data STRING", FileSchema.Infer(files.Spec("", ("format", "csv"), ("header", "false"), ("ignoreCorruptFiles", "true")), list).ToString());
        Assert.Equal(["1"], FileCase.Read(spec with { Options = files.Spec("", ("format", "csv"), ("ignoreCorruptFiles", "true")).Options }));
        File.Delete(files.Root + "/b.csv.gz");
        File.Delete(files.Root + "/a.csv");
        using var source = new FileSource(spec, FileSchema.Infer(spec, list), list);
        Assert.Equal("LF7015", Assert.Throws<RuntimeError>(() => source.Open(0, 1).Read()).Code);
        var patient = spec with { Options = files.Spec("", ("format", "csv"), ("ignoreMissingFiles", "true")).Options };
        using var silent = new FileSource(patient, FileSchema.Infer(patient, list), list);
        Assert.Null(silent.Open(0, 1).Read());
    }

    [Fact]
    public void A_step_whose_files_lie_beside_the_folders_has_the_folders_columns_all_the_same()
    {
        files.Write("n=1/f.csv", "1\n");
        files.Write("f.csv", "2\n");
        var spec = files.Spec("", ("format", "csv"), ("header", "false"), ("rescuedDataColumn", ""));
        var all = FileListing.List(spec);
        var schema = FileSchema.Infer(spec, all);
        spec = spec with { Partitions = FileSchema.PartitionNames(spec, all) };
        using var source = new FileSource(spec, schema, [all.Single(f => f.Partitions.IsEmpty)]);
        Assert.Equal(["2|NULL"], FileCase.Batches(source, 1).SelectMany(b => b.Rows));
        Assert.Equal(0, source.Counts.Malformed);
    }

    [Fact]
    public void Predicates_leave_out_folders_and_their_files_only_where_no_row_can_meet_them()
    {
        for (var n = 1; n <= 3; n++) files.Write($"n={n}/f.csv", "1\n");
        files.Write("n=__HIVE_DEFAULT_PARTITION__/f.csv", "1\n");
        var spec = files.Spec("") with { Declared = new Schema(new Field("v", DataType.Int32)) };
        var list = FileListing.List(spec);
        List<string> Read(ColumnComparison comparison, object? value)
        {
            using var source = new FileSource(spec, FileSchema.Infer(spec, list), list, ["n"], [new ColumnPredicate("N", comparison, value)]);
            return [.. FileCase.Batches(source, 1).SelectMany(b => b.Rows)];
        }

        Assert.Equal(["2"], Read(ColumnComparison.Equal, 2));
        Assert.Equal(["1"], Read(ColumnComparison.Less, 2));
        Assert.Equal(["2", "3"], Read(ColumnComparison.GreaterOrEqual, 2));
        Assert.Equal(["NULL"], Read(ColumnComparison.IsNull, null));
        Assert.Equal(["1", "2", "3"], Read(ColumnComparison.IsNotNull, null));
    }

    private string[] Names(FileScanSpec spec) => [.. FileListing.List(spec).Select(f => f.VisiblePath.Replace(files.Root, "", StringComparison.Ordinal).TrimStart('/'))];
}
