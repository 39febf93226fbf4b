using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Says of each row of a batch whether it is meant.</summary>
/// <param name="rows">Rows with the columns that were asked for.</param>
/// <param name="matches">One flag a row, all false at the start.</param>
public delegate void RowTest(RecordBatch rows, Span<bool> matches);
