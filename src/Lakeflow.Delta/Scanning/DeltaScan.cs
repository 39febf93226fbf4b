using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>The rows of a version of a table, or of some of its files.</summary>
/// <remarks>
/// Reads the columns wanted only; leaves out files that partition values or statistics rule out, and row groups that their own
/// statistics rule out. A morsel is a row group. Rows come in the order of the files and, in them, as they were written.
/// </remarks>
public sealed class DeltaScan : IBatchSource
{
    private readonly Snapshot snapshot;
    private readonly ImmutableArray<AddFile> files;
    private readonly IReadOnlyList<ColumnPredicate> predicates;
    private readonly IReadOnlyList<KeyFilter> keys;
    private readonly IReadOnlyDictionary<string, RowSet>? rows;
    private readonly ColumnMapping mapping;
    private readonly Lazy<Plan> plan;
    private long bytesRead;
    private int taken;

    /// <param name="snapshot">The version.</param>
    /// <param name="columns">Names of the columns wanted, in that order; null is all.</param>
    /// <param name="predicates">Conditions that the caller will apply, all of them; they only help to skip.</param>
    /// <param name="files">The files to read instead of all of the version's, for readers of changes.</param>
    /// <param name="keys">Values of key columns that the caller looks for; they only help to skip.</param>
    public DeltaScan(
        Snapshot snapshot,
        IReadOnlyList<string>? columns = null,
        IReadOnlyList<ColumnPredicate>? predicates = null,
        IEnumerable<AddFile>? files = null,
        IReadOnlyList<KeyFilter>? keys = null)
        : this(snapshot, columns, predicates, files, keys, null)
    {
    }

    /// <summary>Some rows of some files.</summary>
    /// <param name="rows">The rows to read by the file's path as the log has it; null is all.</param>
    internal DeltaScan(Snapshot snapshot, IEnumerable<AddFile> files, IReadOnlyDictionary<string, RowSet>? rows, IReadOnlyList<string>? columns = null)
        : this(snapshot, columns, null, files, null, rows)
    {
    }

    private DeltaScan(
        Snapshot snapshot,
        IReadOnlyList<string>? columns,
        IReadOnlyList<ColumnPredicate>? predicates,
        IEnumerable<AddFile>? files,
        IReadOnlyList<KeyFilter>? keys,
        IReadOnlyDictionary<string, RowSet>? rows)
    {
        // What must equal a constant is a key as well: bloom filters know of it.
        this.keys = [.. keys ?? [], .. (predicates ?? []).Where(p => p is { Comparison: ColumnComparison.Equal, Value: not null }).Select(p => KeyFilter.Values(p.Column, [p.Value]))];
        this.rows = rows;
        this.snapshot = snapshot;
        this.predicates = predicates ?? [];
        mapping = new ColumnMapping(snapshot.Metadata);
        Schema = columns is null
            ? snapshot.Schema
            : new Schema(columns.Select(c => snapshot.Schema.Find(c) ?? throw new ArgumentException($"the table has no column {c}")).ToImmutableArray());
        var skipping = new FileSkipping(snapshot, mapping, this.predicates, this.keys);
        this.files = [.. (files ?? snapshot.Files).Where(f => !skipping.CanSkip(f))];
        plan = new(Prepare);
    }

    public Schema Schema { get; }

    /// <summary>Files that are left to read, in order.</summary>
    public ImmutableArray<AddFile> Files => files;

    /// <summary>Bytes of data files that were fetched up to now, footers included.</summary>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    IBatchReader IBatchSource.Open(int worker, int workers) => Open(worker, workers);

    /// <summary>The share of a worker; its <see cref="DeltaReader.ReadLocated"/> tells where the rows lie.</summary>
    public DeltaReader Open(int worker, int workers)
    {
        var place = worker - workers;
        return new(Schema, plan.Value.Morsels, () => place += workers);
    }

    /// <summary>One of several readers, each of which takes the next row group when it is done with one. Which reads which is chance: <see cref="RecordBatch.Ordinal"/> tells the order.</summary>
    public DeltaReader OpenShared() => new(Schema, plan.Value.Morsels, () => Interlocked.Increment(ref taken) - 1);

    public void Dispose()
    {
        if (!plan.IsValueCreated) return;
        foreach (var file in plan.Value.Files) file.Parquet.Dispose();
    }

    private Plan Prepare()
    {
        var opened = new ScanFile[files.Length];
        try
        {
            Parallel.For(0, files.Length, i => opened[i] = new ScanFile(
                snapshot, files[i], Schema, mapping, predicates, keys, rows?.GetValueOrDefault(files[i].Path), bytes => Interlocked.Add(ref bytesRead, bytes)));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.OfType<DataFault>().FirstOrDefault() ?? e.InnerExceptions[0]);
        }

        return new Plan([.. opened], [.. opened.SelectMany(f => f.RowGroups.Select(g => new Morsel(f, g)))]);
    }

    private sealed record Plan(ImmutableArray<ScanFile> Files, ImmutableArray<Morsel> Morsels);
}
