using Lakeflow.Arrow;
using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Tests.Files;

/// <summary>Over the reference data beside the repository; without it there is nothing to read.</summary>
public sealed class ParquetTests
{
    [Fact]
    public void Columns_match_by_name_widen_and_are_null_where_missing()
    {
        // Absent reference data: see above.
        if (Flights() is not { } spec) return;
        spec = spec with { Declared = new Schema(new Field("ORIGIN", DataType.String), new Field("none", DataType.Int32), new Field("delay", new DecimalType(20, 1)), new Field("delay2", DataType.Null)) };
        using var source = new FileSource(spec, FileSchema.Infer(spec, FileListing.List(spec)), FileListing.List(spec), ["delay", "none", "ORIGIN"]);
        using var plain = new FileSource(Flights()!, FileCase.SchemaOf(Flights()!), FileListing.List(spec), ["delay", "origin", "_metadata"]);
        using var reader = source.Open(0, 1);
        using var plainReader = plain.Open(0, 1);
        using var batch = reader.Read()!;
        using var same = plainReader.Read()!;
        Assert.Equal(same.Length, batch.Length);
        for (var row = 0; row < batch.Length; row++)
        {
            Assert.Equal((Int128)(long)same.Columns[0].GetValue(row)! * 10, batch.Columns[0].GetValue(row));
            Assert.Null(batch.Columns[1].GetValue(row));
            Assert.Equal(same.Columns[1].GetValue(row), batch.Columns[2].GetValue(row));
        }

        Assert.EndsWith("/flights-3m.parquet", (string)((object?[])same.Columns[2].GetValue(0)!)[0]!, StringComparison.Ordinal);
        Assert.EndsWith("flights-3m.parquet row 1", batch.Origin!.Describe(0), StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_would_change_values_is_refused()
    {
        // Absent reference data: see above.
        if (Flights() is not { } spec) return;
        spec = spec with { Declared = new Schema(new Field("delay", DataType.Int16)) };
        using var source = new FileSource(spec, spec.Declared, FileListing.List(spec));
        using var reader = source.Open(0, 1);
        Assert.Equal("LF7026", Assert.Throws<RuntimeError>(() => reader.Read()).Code);
    }

    [Fact]
    public void Workers_share_row_groups_and_statistics_leave_some_out()
    {
        // Absent reference data: see above.
        if (Flights() is not { } spec) return;
        var files = FileListing.List(spec);
        long Count(int workers, params ColumnPredicate[] predicates)
        {
            using var source = new FileSource(spec, FileSchema.Infer(spec, files), files, [], [.. predicates]);
            long rows = 0;
            for (var worker = 0; worker < workers; worker++)
            {
                using var reader = source.Open(worker, workers);
                while (reader.Read() is { } batch)
                {
                    rows += batch.Length;
                    batch.Dispose();
                }
            }

            return rows;
        }

        Assert.Equal(3_000_000, Count(1));
        Assert.Equal(3_000_000, Count(3));
        Assert.Equal(0, Count(2, new ColumnPredicate("distance", ColumnComparison.Greater, 1_000_000L)));
    }

    private static FileScanSpec? Flights() => FileCase.Shared is { } shared ? FileCase.SpecOf(shared + "/data/flights-3m.parquet") : null;
}
