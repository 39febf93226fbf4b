using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Connect.Files.Parquet;

/// <summary>Reads a row group of a Parquet file: columns by name, missing ones NULL, narrower types widened.</summary>
internal sealed class ParquetReader : MorselReader
{
    private readonly SharedParquet shared;
    private readonly ParquetFile file;
    private readonly RowGroupReader? rows;
    private readonly SourceCounts counts;

    // For each output column its place among the columns read; -1 if the file has none such.
    private readonly int[] places;

    public ParquetReader(FileColumns columns, FileMorsel morsel, bool caseSensitive, ImmutableArray<ColumnPredicate> predicates, SourceCounts counts)
        : base(columns, morsel)
    {
        this.counts = counts;
        places = new int[columns.Output.Count];
        shared = morsel.Parquet!;
        file = shared.Take();
        try
        {
            var unknown = file.Schema.Fields.Where(f => columns.Table.Find(f.Name) is null).Select(f => f.Name).ToArray();
            // What a Parquet file has beyond the schema stays in the file; only a mode that asks for a failure gets one.
            if (columns.Evolution == "failOnNewColumns") columns.CheckUnknown(File.VisiblePath, unknown);
            var read = new List<int>();
            for (var i = 0; i < places.Length; i++)
            {
                var at = columns.Origins[i] == ColumnOrigin.Data ? PlaceOf(columns.Output[i].Name, caseSensitive) : -1;
                places[i] = at < 0 ? -1 : read.Count;
                if (at >= 0) read.Add(at);
            }

            var known = Known(predicates, caseSensitive);
            if (!file.CanSkip(morsel.Index, known)) rows = file.OpenRowGroup(morsel.Index, read, predicates: known);
        }
        catch
        {
            shared.Return();
            throw;
        }
    }

    public override RecordBatch? Read(long ordinal)
    {
        using var batch = rows?.Read(BatchRows);
        if (batch is null) return null;
        counts.Add(rows: batch.Length);
        var origin = new RowOrigin(File.VisiblePath, batch.Origin?.FirstRow ?? 0);
        return Batch(ordinal, batch.Length, origin, i =>
        {
            var type = Columns.Output[i].Type;
            if (places[i] < 0) return Nulls(type, batch.Length);
            return Widening.Apply(batch.Columns[places[i]], type)
                ?? throw FileErrors.TypeDiffers(File.VisiblePath, Columns.Output[i].Name, batch.Columns[places[i]].Type.ToString(), type.ToString());
        });
    }

    public override void Dispose()
    {
        rows?.Dispose();
        shared.Return();
        base.Dispose();
    }

    /// <summary>The conditions on columns that the file holds as the table has them; of a wider type a constant may mean another number.</summary>
    private List<ColumnPredicate> Known(ImmutableArray<ColumnPredicate> predicates, bool caseSensitive)
    {
        var known = new List<ColumnPredicate>();
        foreach (var predicate in predicates)
        {
            var column = Columns.Data.FirstOrDefault(c => c.Name.Equals(predicate.Column, StringComparison.OrdinalIgnoreCase));
            if (column is null) continue;
            var at = PlaceOf(column.Name, caseSensitive);
            if (at >= 0 && file.Schema[at].Type.Equals(column.Type)) known.Add(predicate with { Column = file.Schema[at].Name });
        }

        return known;
    }

    private int PlaceOf(string name, bool caseSensitive)
    {
        for (var i = 0; i < file.Schema.Count; i++)
        {
            if (file.Schema[i].Name == name) return i;
        }

        return caseSensitive ? -1 : file.Schema.IndexOf(name);
    }
}
