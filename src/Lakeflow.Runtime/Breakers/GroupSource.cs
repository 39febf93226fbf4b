using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Writes groups <paramref name="from"/> to <paramref name="to"/> (exclusive) of a table: one row a group, in order.</summary>
/// <remarks>The writer has begun a batch for that many rows and is committed by the caller.</remarks>
public delegate void GroupRows<TKey, TState>(HashAggregate<TKey, TState> table, int from, int to, BatchWriter writer)
    where TKey : unmanaged, IGroupKey<TKey>
    where TState : struct, IAggregateState<TState>;

/// <summary>The groups of merged tables as batches.</summary>
public sealed class GroupSource<TKey, TState>(Schema schema, ImmutableArray<HashAggregate<TKey, TState>> tables, GroupRows<TKey, TState> write) : IBatchSource
    where TKey : unmanaged, IGroupKey<TKey>
    where TState : struct, IAggregateState<TState>
{
    private const int BatchRows = 8192;

    public Schema Schema => schema;

    public IBatchReader Open(int worker, int workers) => new Reader(this, worker, workers);

    public void Dispose()
    {
        foreach (var table in tables) table.Release();
    }

    /// <summary>The parts that belong to a worker, one after another: never more than one table of each worker is in memory.</summary>
    private IEnumerable<(HashAggregate<TKey, TState> Table, int From, int To, long Morsel)> Spilled(int worker, int workers)
    {
        for (var part = worker; part < SpilledGroups<TKey, TState>.Parts; part += workers)
        {
            var morsel = (long)part << 25;
            foreach (var table in HashAggregate<TKey, TState>.Load(tables, part, workers))
            {
                for (var from = 0; from < table.Count; from += BatchRows) yield return (table, from, Math.Min(from + BatchRows, table.Count), morsel++);
            }
        }
    }

    /// <summary>Every so-manieth morsel belongs to a worker. (No <c>Where</c>: over types of a query it is compiled anew for each.)</summary>
    private IEnumerable<(HashAggregate<TKey, TState> Table, int From, int To, long Morsel)> Morsels(int worker, int workers)
    {
        long morsel = 0;
        foreach (var table in tables)
        {
            for (var from = 0; from < table.Count; from += BatchRows, morsel++)
            {
                if (morsel % workers == worker) yield return (table, from, Math.Min(from + BatchRows, table.Count), morsel);
            }
        }
    }

    private sealed class Reader : IBatchReader
    {
        private readonly GroupRows<TKey, TState> write;
        private readonly IEnumerator<(HashAggregate<TKey, TState> Table, int From, int To, long Morsel)> morsels;
        private readonly BatchCapture captured = new();
        private readonly BatchWriter writer;

        public Reader(GroupSource<TKey, TState> source, int worker, int workers)
        {
            write = source.Write;
            writer = new BatchWriter(source.Schema, captured);
            morsels = (source.IsSpilled ? source.Spilled(worker, workers) : source.Morsels(worker, workers)).GetEnumerator();
        }

        public RecordBatch? Read()
        {
            if (!morsels.MoveNext()) return null;
            var (table, from, to, morsel) = morsels.Current;
            writer.Begin(to - from);
            write(table, from, to, writer);
            writer.Commit(to - from, morsel << 32);
            return captured.Take();
        }

        public void Dispose() => morsels.Dispose();
    }

    private GroupRows<TKey, TState> Write => write;

    private bool IsSpilled => tables.Any(t => t.IsSpilled);
}
