using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;

namespace Lakeflow.Runtime.Flows;

/// <summary>The rows of a version of a table, each with its place in <see cref="ChangeLayout.File"/> and <see cref="ChangeLayout.Row"/>.</summary>
internal sealed class LocatedRows : IBatchSource
{
    private readonly DeltaScan scan;

    public LocatedRows(Snapshot table, Schema columns, ImmutableArray<ColumnPredicate> predicates)
    {
        Schema = columns;
        scan = new DeltaScan(table.Shaped(columns), [.. columns.Fields.Where(f => !ChangeLayout.IsReserved(f.Name)).Select(f => f.Name)], predicates);
    }

    public Schema Schema { get; }

    public IBatchReader Open(int worker, int workers) => new Reader(scan.Open(worker, workers), Schema);

    public void Dispose() => scan.Dispose();

    private sealed class Reader(DeltaReader inner, Schema columns) : IBatchReader
    {
        public RecordBatch? Read()
        {
            if (inner.ReadLocated() is not { } located) return null;
            using (located)
            {
                var rows = located.Rows;
                return new RecordBatch(columns, [.. columns.Fields.Select(f => f.Name switch
                {
                    ChangeLayout.File => Files(located),
                    ChangeLayout.Row => Positions(located),
                    var name => rows.Columns[rows.Schema.IndexOf(name)].Retain(),
                })], rows.Length)
                { Ordinal = rows.Ordinal };
            }
        }

        public void Dispose() => inner.Dispose();

        private static DictionaryArray Files(LocatedBatch located)
        {
            var path = ArrayBuilder.Create(DataType.String, 1);
            path.AppendValue(located.File.Path);
            return new DictionaryArray(new PrimitiveArray<int>(DataType.Int32, located.Rows.Length, ArrowBuffer.RentCleared(located.Rows.Length * sizeof(int))), path.Build());
        }

        private static PrimitiveArray<long> Positions(LocatedBatch located)
        {
            var buffer = ArrowBuffer.Rent(located.Rows.Length * sizeof(long));
            var positions = buffer.As<long>();
            for (var i = 0; i < located.Rows.Length; i++) positions[i] = located.PositionOf(i);
            return new PrimitiveArray<long>(DataType.Int64, located.Rows.Length, buffer);
        }
    }
}
