using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.State;

/// <summary>The files that a file stream has read: a hidden Delta table, whose version the target's commit names.</summary>
/// <remarks>
/// Committed before the target; what a step that died had added is taken back by the next, see <see cref="StateTable"/>.
/// </remarks>
public sealed class SeenFiles
{
    public static readonly Schema Columns = new(
        new("path", DataType.String, Nullable: false), new("size", DataType.Int64, Nullable: false),
        new("modified", DataType.Timestamp, Nullable: false), new("step", DataType.Int64, Nullable: false));

    private readonly IObjectStore store;
    private readonly long version;
    private readonly Dictionary<string, SourceFile> files;

    private SeenFiles(IObjectStore store, long version, Dictionary<string, SourceFile> files, ImmutableArray<SourceFile> takenOver)
    {
        this.store = store;
        this.version = version;
        this.files = files;
        TakenOver = takenOver;
    }

    /// <summary>Number of files seen.</summary>
    public int Count => files.Count;

    public IEnumerable<string> Paths => files.Keys;

    /// <summary>Those that are not in the set's own table yet; see <see cref="With"/>.</summary>
    public ImmutableArray<SourceFile> TakenOver { get; }

    /// <summary>The set as of a version of its table; -1 is the empty set before the first.</summary>
    public static SeenFiles Open(IObjectStore store, long version)
    {
        var seen = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        if (version >= 0)
        {
            using var source = new DeltaScan(Snapshot.Open(store, version), [.. Columns.Fields.Select(f => f.Name)]);
            using var reader = source.Open(0, 1);
            while (reader.Read() is { } batch)
            {
                using (batch)
                {
                    for (var i = 0; i < batch.Length; i++)
                    {
                        var file = new SourceFile((string)batch.Columns[0].GetValue(i)!, (long)batch.Columns[1].GetValue(i)!, (long)batch.Columns[2].GetValue(i)!);
                        if (!seen.TryGetValue(file.Path, out var other) || other.Modified < file.Modified) seen[file.Path] = file;
                    }
                }
            }
        }

        return new SeenFiles(store, version, seen, []);
    }

    /// <summary>This set with the files of others, which count as seen from now on: a query may name the same files by another path.</summary>
    public SeenFiles With(IEnumerable<SeenFiles> others)
    {
        var all = new Dictionary<string, SourceFile>(files, StringComparer.Ordinal);
        var more = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var file in others.SelectMany(o => o.files.Values))
        {
            if (all.TryGetValue(file.Path, out var mine) && mine.Modified >= file.Modified) continue;
            all[file.Path] = file;
            more[file.Path] = file;
        }

        return more.Count == 0 ? this : new SeenFiles(store, version, all, [.. more.Values]);
    }

    /// <summary>True if a file has been read; with <paramref name="allowOverwrites"/>, in its present form.</summary>
    public bool Contains(SourceFile file, bool allowOverwrites) =>
        files.TryGetValue(file.Path, out var seen) && (!allowOverwrites || seen.Modified >= file.Modified);

    /// <summary>Adds files, those taken over among them, and takes back what a step that died had added.</summary>
    /// <param name="read">What the step has read.</param>
    /// <param name="flow">The flow whose step it is, for messages.</param>
    /// <param name="step">Its number.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The table's new version, for the target to name.</returns>
    public long Commit(ImmutableArray<SourceFile> read, string flow, long step, TimeProvider time)
    {
        var transaction = new StateTable(store, new TableDefinition(Columns), time).Begin(version);
        using (var rows = ToBatch(TakenOver.AddRange(read), step))
        using (var writer = transaction.OpenWriter())
        {
            writer.Write(rows);
            transaction.Add(writer.Finish());
        }

        try
        {
            return StateTable.Commit(transaction);
        }
        catch (ConflictException lost)
        {
            throw RunErrors.AnotherRunAdvanced(flow, lost);
        }
    }

    private static RecordBatch ToBatch(ImmutableArray<SourceFile> files, long step)
    {
        var builders = Columns.Fields.Select(f => ArrayBuilder.Create(f.Type, files.Length)).ToArray();
        foreach (var file in files)
        {
            builders[0].AppendValue(file.Path);
            builders[1].AppendValue(file.Size);
            builders[2].AppendValue(file.Modified);
            builders[3].AppendValue(step);
        }

        return new RecordBatch(Columns, [.. builders.Select(b => b.Build())], files.Length);
    }
}
