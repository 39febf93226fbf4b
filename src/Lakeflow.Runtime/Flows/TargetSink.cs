using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Flows;

/// <summary>Takes one worker's result rows: checks NOT NULL, counts them if it has a counter, and lays them down as data files of the target.</summary>
internal sealed class TargetSink(QualifiedName table, Schema columns, TableWriter writer, FlowCounts? counts) : IBatchSink
{
    public void Write(RecordBatch rows)
    {
        if (rows.Length == 0) return;
        foreach (var field in columns.Fields)
        {
            if (field.Nullable) continue;
            var at = rows.Schema.IndexOf(field.Name);
            if (at >= 0 && rows.Columns[at].NullCount > 0) throw Violation(rows, at);
        }

        writer.Write(rows);
        counts?.AddWritten(rows.Length);
    }

    /// <summary>Ends the row group: what follows lies apart from what was written.</summary>
    public void EndGroup() => writer.EndGroup();

    private RuntimeError Violation(RecordBatch rows, int at)
    {
        var column = rows.Columns[at];
        var row = 0;
        while (column.IsValid(row)) row++;
        return RunErrors.NullInNotNull(
            table.ToString(), rows.Schema[at].Name, column.NullCount, RowJson.Of(rows, row), rows.Origin?.Describe(row));
    }
}
