using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;
using Lakeflow.Runtime.Breakers;

namespace Lakeflow.Benchmarks.Ours;

/// <summary>Columns of a Parquet file as Arrow batches in memory, one a row group, texts encoded as the file had them.</summary>
internal sealed class MemoryTable
{
    private readonly List<RecordBatch> batches = [];

    public MemoryTable(string path, params string[] columns)
    {
        using var file = ParquetFile.Open(path);
        int[] wanted = [.. columns.Select(c => file.Schema.IndexOf(c))];
        Schema = new Schema(wanted.Select(c => file.Schema[c]).ToImmutableArray());
        for (var group = 0; group < file.RowGroups.Count; group++)
        {
            using var rows = file.OpenRowGroup(group, wanted);
            while (rows.Read(int.MaxValue) is { } batch) batches.Add(batch);
        }
    }

    public Schema Schema { get; }

    /// <summary>Roughly, in bytes.</summary>
    public long Size => batches.Sum(b => (long)b.Length) * Schema.Fields.Length * sizeof(long);

    /// <summary>The rows with some of the columns, as the product's own source over batches.</summary>
    public IBatchSource Open(Schema wanted)
    {
        int[] columns = [.. wanted.Fields.Select(f => Schema.IndexOf(f.Name))];
        return new BatchSource(wanted, [.. batches.Select(b => new RecordBatch(wanted, [.. columns.Select(c => b.Columns[c].Retain())], b.Length) { Ordinal = b.Ordinal })]);
    }
}
