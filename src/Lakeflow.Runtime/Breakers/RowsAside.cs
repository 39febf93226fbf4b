using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The rows of one worker's batches that looked for keys in parts of a <see cref="JoinTable{TKey}"/> that were not in memory.</summary>
/// <remarks>They are kept as they came into the segment. One that became several on its way may be set aside for several parts; in each only what belongs there goes on.</remarks>
public sealed class RowsAside
{
    private readonly RunMemory memory;
    private readonly CancellationToken stop;
    private readonly int[] lastRow;
    private readonly List<int> rows = [];
    private readonly List<int> parts = [];
    private PartedRows? kept;

    internal RowsAside(RunMemory memory, int count, CancellationToken stop)
    {
        this.memory = memory;
        this.stop = stop;
        lastRow = new int[count];
        Array.Fill(lastRow, -1);
    }

    /// <summary>Throws where the run is to end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void HeedStop() => stop.ThrowIfCancellationRequested();

    /// <summary>Keeps the rows that were set aside of a batch; called after each.</summary>
    public void Keep(RecordBatch batch)
    {
        if (rows.Count == 0) return;
        kept ??= new PartedRows(memory, lastRow.Length);
        using (var taken = Gather.Take(batch, CollectionsMarshal.AsSpan(rows))) kept.Add(taken, [.. parts]);
        rows.Clear();
        parts.Clear();
        Array.Fill(lastRow, -1);
    }

    /// <summary>The tables that are divided.</summary>
    internal static IJoinTable[] Divided(ReadOnlySpan<IJoinTable> joins)
    {
        var divided = new List<IJoinTable>();
        foreach (var join in joins)
        {
            if (join.IsDivided) divided.Add(join);
        }

        return [.. divided];
    }

    /// <summary>Loads part after part, and sends the rows that were set aside for it on their way again.</summary>
    /// <remarks>
    /// A row may be set aside at one table, come again, and be set aside at the next: for each part of a table all parts of the tables behind it
    /// are gone through. While a part is loaded whoever looks for others was set aside for them before, and is left out.
    /// </remarks>
    /// <param name="joins">The divided tables, in the order in which a row looks into them.</param>
    /// <param name="process">Takes a batch of a worker, from that worker's thread.</param>
    internal static void Again(ReadOnlySpan<IJoinTable> joins, Action<int, RecordBatch> process)
    {
        if (joins.IsEmpty) return;
        var table = joins[0];
        var behind = joins[1..];
        Again(behind, process);
        var aside = table.TakeAside();
        for (var part = 0; part < table.Parts; part++)
        {
            if (!Array.Exists(aside, a => a?.BytesOf(part) > 0)) continue;
            table.Load(part);
            foreach (var next in behind) next.Load(-1);
            var loaded = part;
            WorkerPool.Run(aside.Length, worker =>
            {
                foreach (var batch in aside[worker]?.Read(loaded) ?? [])
                {
                    using (batch) process(worker, batch);
                }
            });
            Again(behind, process);
        }

        table.Load(-1);
        foreach (var rows in aside) rows?.Close();
    }

    internal void Add(int row, int part)
    {
        if (lastRow[part] == row) return;
        lastRow[part] = row;
        rows.Add(row);
        parts.Add(part);
    }

    /// <summary>What was kept, all written; null for nothing.</summary>
    internal PartedRows? Take()
    {
        var all = kept;
        kept = null;
        all?.Flush();
        return all;
    }
}
