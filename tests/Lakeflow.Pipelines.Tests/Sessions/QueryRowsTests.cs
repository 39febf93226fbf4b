using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Pipelines.Tests.Sessions;

/// <summary>Rows of a query are handed on while it runs: all of them, in order, and no longer than somebody wants them.</summary>
public sealed class QueryRowsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("SELECT id FROM range(300000)", 0, 300_000, 1)]
    [InlineData("SELECT id FROM range(300000) WHERE id % 100000 = 99999", 99_999, 3, 100_000)]
    [InlineData("SELECT id FROM range(0) UNION ALL SELECT id FROM range(100000) UNION ALL SELECT id FROM range(100000, 200000)", 0, 200_000, 1)]
    [InlineData("SELECT id FROM (SELECT -id AS id FROM range(-99999, 1)) ORDER BY id", 0, 100_000, 1)]
    [InlineData("SELECT a.id FROM range(100000) a LEFT JOIN range(10) b ON a.id = b.id", 0, 100_000, 1)]
    [InlineData("SELECT 2 * id + n AS id FROM range(60000) LATERAL VIEW explode(array(0, 1)) AS n", 0, 120_000, 1)]
    [InlineData("SELECT id FROM range(1000000) LIMIT 20000", 0, 20_000, 1)]
    [InlineData("SELECT id FROM range(20)", 0, 20, 1)]
    [InlineData("SELECT CAST(a AS BIGINT) AS id FROM read_files('numbers-*.csv')", 0, 90_000, 1)]
    public void They_come_in_order(string sql, long first, long count, long step)
    {
        for (var file = 0; file < 3; file++)
        {
            File.WriteAllLines(
                Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"numbers-{file}.csv")),
                Enumerable.Range(file * 30_000, 30_000).Select(n => n.ToString(CultureInfo.InvariantCulture)).Prepend("a"));
        }

        var (next, came) = (first, 0L);
        var rows = Run(sql, batch =>
        {
            foreach (var id in ((PrimitiveArray<long>)batch.Columns[0]).Values)
            {
                Assert.Equal(next, id);
                next += step;
                came++;
            }

            return true;
        });
        Assert.Equal((count, count), (came, rows));
    }

    [Fact]
    public void A_worker_that_finds_nothing_holds_up_no_other_for_ever()
    {
        // With two workers one of them has all the rows, and more than may wait for the other.
        var (next, isOrdered) = (0L, true);
        var rows = Run("SELECT id FROM range(24000000) WHERE id % 16384 < 8192", batch =>
        {
            foreach (var id in ((PrimitiveArray<long>)batch.Columns[0]).Values)
            {
                isOrdered &= id == next;
                next++;
                if (next % 16384 == 8192) next += 8192;
            }

            return true;
        });
        Assert.True(isOrdered);
        Assert.Equal((24_000_000 / 16_384 * 8_192) + Math.Min(8_192, 24_000_000 % 16_384), rows);
    }

    [Fact]
    public void The_first_come_while_the_last_are_years_away_and_no_more_are_made_than_are_wanted()
    {
        var batches = 0;
        var rows = Run("SELECT id FROM range(0, 9000000000000000)", _ => ++batches < 3);
        Assert.Equal(3, batches);
        Assert.InRange(rows, 3 * 8192, long.MaxValue);
    }

    [Fact]
    public void Those_behind_the_wanted_ones_are_counted()
    {
        long kept = 0;
        var rows = Run("SELECT id FROM range(1000000)", batch => (kept += batch.Length) > 0, mostRows: 100);
        Assert.Equal((8192, 1_000_000), (kept, rows));
    }

    [Fact]
    public void What_goes_wrong_with_whoever_takes_them_ends_the_query_as_it_is() =>
        Assert.Throws<IOException>(() => Run("SELECT id FROM range(0, 9000000000000000)", batch => batch.Ordinal > 0 ? throw new IOException("the pipe is closed") : true));

    [Fact]
    public void A_stop_ends_it()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(
            "SELECT id FROM range(0, 9000000000000000)",
            _ =>
            {
                stop.Cancel();
                return true;
            },
            stop: stop.Token));
    }

    private long Run(string sql, Func<RecordBatch, bool> next, long mostRows = long.MaxValue, CancellationToken stop = default)
    {
        var session = Session.WithoutProject(folder);
        var prepared = session.PrepareQuery(sql);
        Assert.False(prepared.HasErrors, string.Join('\n', prepared.Diagnostics));
        using var result = session.Query(prepared, TimeProvider.System, next, mostRows, counts: null, stop);
        return result.Rows;
    }
}
