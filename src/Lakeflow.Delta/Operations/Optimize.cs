using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Lays small files together, and files with many deleted rows anew. No row changes, and readers of changes see none.</summary>
/// <remarks>
/// Files of one partition are put together in the order in which they are read, until the next one would exceed the target;
/// a file alone is left as it is unless deleted rows are to go. Follows concurrent appends; a commit in between that touches
/// one of the files makes it begin again on the newer version.
/// </remarks>
public sealed record Optimize
{
    /// <summary>A share of deleted rows from which on a file is written anew, whatever its size.</summary>
    private const double ManyDeleted = 0.05;

    private const int MostTries = 5;

    /// <summary>Bytes that a file is to have at the end; null is the table's <c>delta.targetFileSize</c>, or 128 MiB.</summary>
    public long? TargetFileBytes { get; init; }

    /// <summary>Files of fewer bytes are small; null is three quarters of the target.</summary>
    public long? SmallFileBytes { get; init; }

    /// <summary>So many files must come together to be laid together, those with many deleted rows apart. More than two keeps tables of many partitions from being written again and again.</summary>
    public int LeastFiles { get; init; } = 2;

    public int Workers { get; init; } = 1;

    /// <summary>Does it, as one commit, or none if there is nothing to do.</summary>
    /// <exception cref="ConflictException">Others changed the files concerned, again and again.</exception>
    public OptimizeResult Run(IObjectStore store, TimeProvider? time = null, CancellationToken stop = default)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Once(Snapshot.Open(store), time, stop);
            }
            catch (ConflictException lost) when (lost.Kind is ConflictKind.RowsRemoved or ConflictKind.MetadataChanged && tries < MostTries)
            {
                // The plan is of a version that is no more: a new one is made.
                stop.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>The groups of files that would each become one.</summary>
    public ImmutableArray<ImmutableArray<AddFile>> Plan(Snapshot snapshot)
    {
        var target = TargetFileBytes ?? snapshot.Properties.TargetFileBytes;
        var small = SmallFileBytes ?? target / 4 * 3;
        var bins = ImmutableArray.CreateBuilder<ImmutableArray<AddFile>>();
        foreach (var partition in snapshot.Files.Where(f => f.Size < small || HasManyDeleted(f)).GroupBy(PartitionOf, StringComparer.Ordinal))
        {
            var bin = ImmutableArray.CreateBuilder<AddFile>();
            long bytes = 0;
            foreach (var file in partition)
            {
                if (bin.Count > 0 && bytes + file.Size > target) Close();
                bin.Add(file);
                bytes += file.Size;
            }

            Close();

            void Close()
            {
                if (bin.Count >= Math.Max(2, LeastFiles) || bin.Any(HasManyDeleted)) bins.Add(bin.ToImmutable());
                bin.Clear();
                bytes = 0;
            }
        }

        return bins.ToImmutable();
    }

    private static bool HasManyDeleted(AddFile file) =>
        file.DeletionVector is { } vector && (JsonText.TopNumber(file.Stats, "numRecords") is not { } rows || vector.Cardinality >= rows * ManyDeleted);

    private static string PartitionOf(AddFile file) => string.Concat(file.PartitionValues.Select(v => $"{v.Key.Length}:{v.Key}={v.Value?.Length}:{v.Value};"));

    /// <summary>Lays files together as part of a transaction, files apart from which it takes rows; for tables whose every commit counts.</summary>
    /// <returns>What will be done when it commits.</returns>
    public OptimizeResult Within(Transaction transaction, int atLeastFiles = 2, CancellationToken stop = default)
    {
        var snapshot = transaction.Read ?? throw new ArgumentException("a new table has nothing to lay together");
        ImmutableArray<ImmutableArray<AddFile>> bins = [.. Plan(snapshot).Where(b => !b.Any(transaction.Touches))];
        return bins.Sum(b => b.Length) < atLeastFiles ? new OptimizeResult(snapshot.Version, 0, 0, 0, 0) : Fill(transaction, bins, stop);
    }

    private OptimizeResult Once(Snapshot snapshot, TimeProvider? time, CancellationToken stop)
    {
        var transaction = Transaction.Begin(snapshot, time);
        var bins = Plan(snapshot);
        if (bins.IsEmpty) return new OptimizeResult(snapshot.Version, 0, 0, 0, 0);
        var done = Fill(transaction, bins, stop);
        transaction.SetMetric("numAddedFiles", done.FilesAfter);
        transaction.SetMetric("numRemovedFiles", done.FilesBefore);
        return done with { Version = transaction.Commit("OPTIMIZE", new Dictionary<string, string> { ["predicate"] = "[]", ["auto"] = "false" }).Version };
    }

    private OptimizeResult Fill(Transaction transaction, ImmutableArray<ImmutableArray<AddFile>> bins, CancellationToken stop)
    {
        var written = new ImmutableArray<AddFile>[bins.Length];
        try
        {
            Parallel.For(0, bins.Length, new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = stop }, i => written[i] = Write(transaction, bins[i], stop));
        }
        catch (AggregateException failed)
        {
            // What is written would be in the way of nobody but a full disk.
            foreach (var file in written.Where(w => !w.IsDefault).SelectMany(w => w)) transaction.Read!.Store.Delete(FilePath.ToStore(file.Path));
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]);
        }

        List<AddFile> removed = [.. bins.SelectMany(b => b)];
        List<AddFile> added = [.. written.SelectMany(w => w).Select(f => f with { DataChange = false })];
        foreach (var file in removed) transaction.Remove(file, dataChange: false);
        transaction.Add(added);
        return new OptimizeResult(transaction.Read!.Version, removed.Count, removed.Sum(f => f.Size), added.Count, added.Sum(f => f.Size));
    }

    private static ImmutableArray<AddFile> Write(Transaction transaction, ImmutableArray<AddFile> bin, CancellationToken stop)
    {
        using var scan = new DeltaScan(transaction.Read!, files: bin);
        using var reader = scan.Open(0, 1);
        // What is planned as one file stays one, however it compresses.
        using var writer = transaction.OpenWriter(options: new WriteOptions { TargetFileBytes = long.MaxValue });
        while (reader.Read() is { } batch)
        {
            stop.ThrowIfCancellationRequested();
            using (batch) writer.Write(batch);
        }

        return writer.Finish();
    }
}

/// <summary>What laying files together did.</summary>
/// <param name="Version">The table's version after it; the one before if nothing was to be done.</param>
/// <param name="FilesBefore">Files that were replaced.</param>
/// <param name="FilesAfter">Files in their place.</param>
public sealed record OptimizeResult(long Version, int FilesBefore, long BytesBefore, int FilesAfter, long BytesAfter);
