using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>The events of a target's keys that still matter: a hidden table, whose version the target's commits name.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>SCD type 1: the last event of each key, without its values: they are in the target. A delete stays for a while, so
/// that older events lose against it.</item>
/// <item>SCD type 1 where events tell parts of rows: the last event of each key, those that told what holds now, and the last
/// delete; with values.</item>
/// <item>SCD type 2: events that the target's versions do not tell, with values: those of runs of several events, those that tell
/// parts of rows, and deletes before which nothing was. What matters only to late events stays for a while.</item>
/// </list>
/// </remarks>
internal sealed class ChangeState
{
    /// <summary>Since when the event matters only to events that come late, microseconds UTC; NULL for one that stays.</summary>
    public const string At = ChangeLayout.Prefix + "at";

    /// <summary>BINARY, bit n says that the event leaves out leaf n; NULL: it tells the whole row.</summary>
    public const string Omitted = ChangeLayout.Prefix + "omitted";

    public ChangeState(ChangesInfo info, Schema stored, DataType sequence, bool isPartial)
    {
        HasValues = isPartial || info.Scd == ScdType.Type2;
        IsPartial = isPartial;
        var keys = info.Keys.Select(k => stored.Find(k)! with { Nullable = true }).ToList();
        var fields = ImmutableArray.CreateBuilder<Field>();
        fields.AddRange(keys);
        fields.Add(new Field(ChangeLayout.Sequence, sequence));
        fields.Add(new Field(ChangeLayout.Kind, DataType.Int8));
        fields.Add(new Field(At, DataType.Timestamp));
        if (isPartial) fields.Add(new Field(Omitted, DataType.Binary));
        if (HasValues) fields.AddRange(stored.Fields.Where(f => !info.Keys.Contains(f.Name, StringComparer.OrdinalIgnoreCase)).Select(f => f with { Nullable = true }));
        Columns = new Schema(fields.ToImmutable());
    }

    /// <summary>True if the table holds the values of its events.</summary>
    public bool HasValues { get; }

    public bool IsPartial { get; }

    public Schema Columns { get; }

    /// <summary>The table's definition. Its rows change all the time.</summary>
    public TableDefinition Definition => new(Columns)
    {
        Properties = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("delta.enableDeletionVectors", "true"),
    };

    /// <summary>The rows of events as the table has them.</summary>
    /// <param name="events">All events of the step.</param>
    /// <param name="remember">Which of them.</param>
    /// <param name="now">When the step runs, microseconds UTC.</param>
    /// <param name="omitted">By leaf and event what is left out; empty where nothing is.</param>
    public RecordBatch Rows(EventSet events, RememberedEvent[] remember, long now, bool[][] omitted)
    {
        int[] rows = [.. remember.Select(r => r.Event)];
        var columns = ImmutableArray.CreateBuilder<ArrowArray>(Columns.Count);
        foreach (var field in Columns.Fields)
        {
            columns.Add(field.Name switch
            {
                ChangeLayout.Sequence => Gather.Take(events.SequenceValues, rows),
                ChangeLayout.Kind => Kinds(events, rows),
                At => Times(remember, now),
                Omitted => Bits(omitted, rows),
                var name => events.Take(name, rows),
            });
        }

        return new RecordBatch(Columns, columns.MoveToImmutable(), rows.Length);
    }

    /// <summary>By row of the state whether its event stays for late ones only.</summary>
    public static Func<int, bool> Expires(RecordBatch stored)
    {
        var at = stored.Columns[stored.Schema.IndexOf(At)];
        return at.IsValid;
    }

    /// <summary>What stored events leave out, by leaf and row.</summary>
    public static void ReadOmitted(RecordBatch stored, bool[][] omitted)
    {
        if (stored.Schema.IndexOf(Omitted) is not (>= 0 and var at)) return;
        var column = stored.Columns[at];
        var bits = TextColumn.Of(column);
        for (var i = 0; i < stored.Length; i++)
        {
            if (column.IsNull(i)) continue;
            var mine = bits[i].Bytes;
            for (var leaf = 0; leaf < omitted.Length && leaf < mine.Length * 8; leaf++) omitted[leaf][i] = Bitmap.Get(mine, leaf);
        }
    }

    /// <summary>How long deletes, and of a history what only late events need, are remembered, by the target's property <c>pipelines.cdc.tombstoneGCThresholdInSeconds</c>; seven days if it says nothing.</summary>
    public static long TombstoneMicros(DatasetInfo target) =>
        long.TryParse(target.Properties.GetValueOrDefault("pipelines.cdc.tombstoneGCThresholdInSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds < long.MaxValue / 2_000_000 ? seconds * 1_000_000 : 7L * 24 * 3600 * 1_000_000;

    private static PrimitiveArray<sbyte> Kinds(EventSet events, int[] rows)
    {
        var buffer = ArrowBuffer.Rent(rows.Length);
        var kinds = buffer.As<sbyte>();
        for (var i = 0; i < rows.Length; i++) kinds[i] = events.Kinds[rows[i]] == (sbyte)ChangeKind.End ? (sbyte)ChangeKind.Delete : events.Kinds[rows[i]];
        return new PrimitiveArray<sbyte>(DataType.Int8, rows.Length, buffer);
    }

    private static ArrowArray Times(RememberedEvent[] remember, long now)
    {
        var builder = ArrayBuilder.Create(DataType.Timestamp, remember.Length);
        foreach (var e in remember)
        {
            if (e.Expires) builder.AppendValue(now);
            else builder.AppendNull();
        }

        return builder.Build();
    }

    private static ArrowArray Bits(bool[][] omitted, int[] rows)
    {
        var builder = ArrayBuilder.Create(DataType.Binary, rows.Length);
        foreach (var row in rows)
        {
            if (!omitted.Any(leaf => leaf[row]))
            {
                builder.AppendNull();
                continue;
            }

            var bits = new byte[Bitmap.ByteCount(omitted.Length)];
            for (var leaf = 0; leaf < omitted.Length; leaf++)
            {
                if (omitted[leaf][row]) Bitmap.Set(bits, leaf);
            }

            builder.AppendValue(bits);
        }

        return builder.Build();
    }
}
