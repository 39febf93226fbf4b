using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>A segment that computes nothing: columns of its input, in their order, under the names of its output.</summary>
/// <param name="schema">What is written.</param>
/// <param name="output">Takes the batches.</param>
/// <param name="columns">For each column that is written, which one of the input it is; of the same type.</param>
public sealed class PassedRows(Schema schema, IBatchSink output, params int[] columns) : ISegment, IBatchSink
{
    private readonly BatchWriter writer = new(schema, output);

    public void Process(RecordBatch rows)
    {
        writer.Begin(rows.Length);
        for (var c = 0; c < columns.Length; c++) writer.Set(c, rows.Columns[columns[c]].Retain());
        writer.Commit(rows.Length, rows.Ordinal, rows.Origin);
    }

    public void Write(RecordBatch rows) => Process(rows);

    public void Finish()
    {
        // Nothing is held back between batches.
    }
}
