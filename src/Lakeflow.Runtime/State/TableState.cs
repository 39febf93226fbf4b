using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.State;

/// <summary>What a table remembers of its flows: how far each has read, and what it keeps.</summary>
/// <param name="Flows">By name; flows that the pipeline no longer has are among them.</param>
public sealed record TableState(string Table, long Version, ImmutableArray<FlowStateInfo> Flows)
{
    /// <summary>Reads the newest version of a table.</summary>
    public static TableState Read(Lakehouse lakehouse, string name, Snapshot table) => new(name, table.Version,
    [
        .. table.Domains.Where(d => d.Key.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal))
            .Select(d => FlowRecord.Parse(d.Value))
            .OrderBy(r => r.Flow, StringComparer.OrdinalIgnoreCase)
            .Select(r => new FlowStateInfo(r, [.. r.State.Select(s => Read(lakehouse, s.Key, s.Value))])),
    ]);

    /// <summary>Why a step could not read what its target says is remembered: a folder that somebody has removed. Null if all is there.</summary>
    internal static RuntimeError? Lost(Lakehouse lakehouse, QualifiedName name, Snapshot table, DataFault fault) =>
        IsLoss(fault) && Read(lakehouse, name.ToString(), table).Flows.SelectMany(f => f.Tables).FirstOrDefault(t => t.IsLost) is { } lost
            ? RunErrors.StateLost(name.ToString(), lost.Name, fault) : null;

    private static StateTableInfo Read(Lakehouse lakehouse, string name, long version)
    {
        try
        {
            var snapshot = Snapshot.Open(lakehouse.State(name), version);
            return new(name, version, snapshot.RowCount, snapshot.ByteSize);
        }
        catch (DataFault fault) when (IsLoss(fault))
        {
            return new(name, version, null, 0) { IsLost = true };
        }
    }

    /// <summary>No table, or not that version of it.</summary>
    private static bool IsLoss(DataFault fault) => fault.Code is "LF6050" or "LF6051";
}

/// <summary>A flow's record and the state tables that it names.</summary>
public sealed record FlowStateInfo(FlowRecord Record, ImmutableArray<StateTableInfo> Tables);

/// <summary>A state table in the version that belongs to its flow's last step.</summary>
/// <param name="Rows">Null if its statistics do not tell.</param>
/// <param name="Bytes">Of its data files.</param>
public sealed record StateTableInfo(string Name, long Version, long? Rows, long Bytes)
{
    /// <summary>True if the table, or this version of it, is not there: somebody has removed it.</summary>
    public bool IsLost { get; init; }
}
