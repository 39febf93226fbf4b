using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;

namespace Lakeflow.Runtime.Segments;

/// <summary>Rows that stand in the query.</summary>
public static class ConstantRows
{
    /// <param name="schema">The columns; none for the one row of a SELECT without FROM.</param>
    /// <param name="rows">One array a row, values in the form of <see cref="ArrowArray.GetValue"/>.</param>
    public static IBatchSource Of(Schema schema, object?[][] rows)
    {
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(schema.Count);
        for (var c = 0; c < schema.Count; c++)
        {
            var builder = ArrayBuilder.Create(schema[c].Type, rows.Length);
            foreach (var row in rows) builder.AppendValue(row[c]);
            columns.Add(builder.Build());
        }

        return new BatchSource(new RecordBatch(schema, columns.MoveToImmutable(), rows.Length));
    }
}
