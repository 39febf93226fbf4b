using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Reading;

/// <summary>The values of one row, by column; valid until the next row is asked for.</summary>
/// <param name="Rows">The batch that holds it.</param>
/// <param name="Row">Its number in the batch.</param>
public readonly record struct RowValues(RecordBatch Rows, int Row)
{
    /// <summary>The value in the form of <see cref="ArrowArray.GetValue"/>.</summary>
    public object? this[int column] => Rows.Columns[column].GetValue(Row);
}
