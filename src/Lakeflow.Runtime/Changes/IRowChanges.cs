using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Changes;

/// <summary>What a step's rows do to the rows that its target has.</summary>
internal interface IRowChanges : IDisposable
{
    /// <summary>Takes old rows out of the target and lays new ones down.</summary>
    /// <param name="rows">All rows of the step.</param>
    /// <param name="transaction">Of the target.</param>
    /// <param name="sinks">Where new rows go, by worker.</param>
    /// <param name="updates">Where those go that are the new form of old ones, by worker, for the target's change feed to tell; null: as others.</param>
    /// <param name="counts">Takes the rows written and deleted.</param>
    void Apply(RecordBatch rows, Transaction transaction, IReadOnlyList<TargetSink> sinks, IReadOnlyList<TargetSink>? updates, FlowCounts counts);

    /// <summary>Commits what is remembered for later steps, and notes it in the target's commit.</summary>
    /// <param name="state">State tables by name, with their versions.</param>
    /// <returns>The same after the step.</returns>
    ImmutableSortedDictionary<string, long> Commit(ImmutableSortedDictionary<string, long> state, Transaction transaction);
}
