using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Streams;

/// <summary>The table that <c>lakeflow.late.table</c> names: rows that flows left out because they came too late.</summary>
/// <remarks>It is committed before the target. A step that died in between and is run again first takes back what it had put down.</remarks>
internal sealed class LateTable(IObjectStore store, string pipeline, string flow, int generation, long step, TimeProvider time)
{
    public const string Setting = "lakeflow.late.table";

    private static readonly Schema Columns = new(
        new("flow", DataType.String, Nullable: false), new("generation", DataType.Int32, Nullable: false), new("step", DataType.Int64, Nullable: false),
        new("watermark", DataType.Timestamp, Nullable: false), new("late_row", DataType.String, Nullable: false));

    /// <summary>Puts a step's late rows down.</summary>
    /// <param name="watermark">That the step worked with.</param>
    /// <param name="rows">The rows as JSON objects.</param>
    /// <exception cref="Diagnostics.RuntimeError">LF5075: the table there is another one, or another pipeline's.</exception>
    public void Commit(long watermark, IReadOnlyList<string> rows)
    {
        var isThere = Snapshot.TryOpen(store, out var table);
        if (!isThere && rows.Count == 0) return;
        if (isThere && Columns.Fields.Any(f => table!.Schema.Find(f.Name)?.Type.Equals(f.Type) != true)) throw StreamErrors.NotALateTable(store.Location);
        // Flows of two pipelines may have one name: the one would take the other's rows for its own.
        if (isThere && TableOrigin.Of(table!)?.IsOf(pipeline) == false) throw StreamErrors.OtherLateTable(store.Location, TableOrigin.Of(table!)!.Pipeline!);
        if (!isThere) table = Create();
        using var dead = KeySearch.Where(table!, Columns, "step", ColumnComparison.Equal, step);
        int[] mine = [.. Enumerable.Range(0, dead.Count).Where(i => Equals(dead.Rows.Columns[0].GetValue(i), flow) && Equals(dead.Rows.Columns[1].GetValue(i), generation))];
        if (rows.Count == 0 && mine.Length == 0) return;
        var transaction = Transaction.Begin(table!, time);
        dead.Delete(transaction, mine);
        if (rows.Count > 0)
        {
            using var batch = ToBatch(watermark, rows);
            using var writer = transaction.OpenWriter();
            writer.Write(batch);
            transaction.Add(writer.Finish());
        }

        transaction.Commit("STREAMING UPDATE");
    }

    private Snapshot Create()
    {
        try
        {
            var create = Transaction.Create(store, new TableDefinition(Columns), time);
            create.SetDomain(TableOrigin.Domain, new TableOrigin(TableOrigin.LateRows, pipeline).ToJson());
            return create.Commit("CREATE TABLE").Snapshot;
        }
        catch (ConflictException lost) when (lost.Kind == ConflictKind.TableCreated)
        {
            return Snapshot.Open(store);
        }
    }

    private RecordBatch ToBatch(long watermark, IReadOnlyList<string> rows)
    {
        var builders = Columns.Fields.Select(f => ArrayBuilder.Create(f.Type, rows.Count)).ToArray();
        foreach (var row in rows)
        {
            builders[0].AppendValue(flow);
            builders[1].AppendValue(generation);
            builders[2].AppendValue(step);
            builders[3].AppendValue(watermark);
            builders[4].AppendValue(row);
        }

        return new RecordBatch(Columns, [.. builders.Select(b => b.Build())], rows.Count);
    }
}
