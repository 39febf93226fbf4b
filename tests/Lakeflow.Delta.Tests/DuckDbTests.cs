using Lakeflow.DuckDb;

namespace Lakeflow.Delta.Tests;

/// <summary>An independent reader finds in our data files and checkpoints what we put there. (It has no Delta reader here: the log is ours to join.)</summary>
public sealed class DuckDbTests
{
    [Fact]
    public void DuckDB_reads_our_data_files_and_checkpoints()
    {
        // DuckDB's library is brought by a script and may be absent: then there is nobody to ask.
        if (DuckDbLibrary.Missing is not null) return;
        using var folder = new TempFolder();
        var snapshot = Write(folder.Path);
        using var duck = new DuckDbConnection();
        var checkpoint = $"read_parquet('{folder.Path}/{LogNames.Checkpoint(10)}')";
        Assert.Equal<string?[]>(
            ["15", "15", "1", "1", "1", "1"],
            duck.Query($"SELECT count(\"add\"), count(remove), count(txn), count(metaData), count(protocol), count(domainMetadata) FROM {checkpoint}").Single());
        Assert.Equal<string?[]>(
            ["f", "9", """{"step":9}""", snapshot.Metadata.Id, snapshot.Metadata.SchemaText],
            duck.Query($"SELECT max(txn.appId), max(txn.version), max(domainMetadata.configuration), max(metaData.id), max(metaData.schemaString) FROM {checkpoint}").Single());
        Assert.Equal(
            snapshot.Files.Select(f => f.Path).Order(StringComparer.Ordinal),
            duck.Query($"SELECT \"add\".path FROM {checkpoint} WHERE \"add\" IS NOT NULL").Select(r => r[0]!).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["NO", "NULL", "SE"],
            duck.Query($"SELECT DISTINCT coalesce(\"add\".partitionValues['country'], 'NULL') FROM {checkpoint} WHERE \"add\" IS NOT NULL").Select(r => r[0]!).Order(StringComparer.Ordinal));
        var files = string.Join(", ", snapshot.Files.Select(f => $"'{folder.Path}/{FilePath.ToStore(f.Path)}'"));
        Assert.Equal<string?[]>(
            ["25", "925", "1156.25"],
            duck.Query($"SELECT count(*), sum(id), sum(amount) FROM read_parquet([{files}], hive_partitioning = false)").Single());
    }

    /// <summary>Ten steps of five rows, the sixth an overwrite; each in three files of one row or two.</summary>
    private static Snapshot Write(string folder)
    {
        var snapshot = Tables.Create(new LocalStore(folder), Tables.Orders, null, "country").Open();
        for (var step = 0; step < 10; step++)
        {
            var transaction = Transaction.Begin(snapshot);
            if (step == 5) transaction.RemoveAll();
            using var writer = transaction.OpenWriter();
            writer.Write(Tables.OrdersFrom(step * 5, 5));
            transaction.Add(writer.Finish());
            transaction.SetTxn("f", step);
            transaction.SetDomain("lakeflow.flow.f", $$"""{"step":{{step}}}""");
            snapshot = transaction.Commit("STREAMING UPDATE").Snapshot;
        }

        return snapshot;
    }
}
