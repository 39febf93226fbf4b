using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;
using Lakeflow.Runtime.Segments;

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

    // Columns of the file that the table has not, for the rescued column: their places among the columns read.
    private readonly ImmutableArray<(string Name, int Place)> rescued = [];

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
            // Without a rescued column, what a Parquet file has beyond the schema stays in the file; only a mode that asks for a failure gets one.
            if (columns.Evolution == "failOnNewColumns" || columns.Evolves) columns.CheckUnknown(File, unknown);
            var read = new List<int>();
            for (var i = 0; i < places.Length; i++)
            {
                var at = columns.Origins[i] == ColumnOrigin.Data ? PlaceOf(columns.Output[i].Name, caseSensitive) : -1;
                places[i] = at < 0 ? -1 : read.Count;
                if (at >= 0) read.Add(at);
            }

            var known = Known(predicates, caseSensitive);
            if (columns.WantsRescued)
            {
                foreach (var name in unknown)
                {
                    rescued = rescued.Add((name, read.Count));
                    read.Add(file.Schema.IndexOf(name));
                }
            }

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
            if (Columns.Origins[i] == ColumnOrigin.Rescued && !rescued.IsEmpty) return Rescued(batch);
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

    /// <summary>For each row the values that have no column, as JSON; NULL where they are all NULL.</summary>
    private ArrowArray Rescued(RecordBatch batch)
    {
        var schema = new Schema(rescued.Select(r => new Field(r.Name, batch.Columns[r.Place].Type)).Append(new Field("_file_path", DataType.String)).ToImmutableArray());
        var texts = ArrayBuilder.Create(DataType.String, batch.Length);
        var values = new object?[schema.Count];
        values[^1] = File.VisiblePath;
        for (var row = 0; row < batch.Length; row++)
        {
            var any = false;
            for (var c = 0; c < rescued.Length; c++) any |= (values[c] = batch.Columns[rescued[c].Place].GetValue(row)) is not null;
            texts.AppendValue(any ? RowJson.Whole(schema, values) : null);
            if (any) counts.Add(rescued: 1);
        }

        return texts.Build();
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
