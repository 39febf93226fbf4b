using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>What the AUTO CDC flows of one table have in common: they write one history of its keys.</summary>
internal sealed class SharedChanges
{
    private readonly ImmutableArray<ChangesInfo> flows;

    private SharedChanges(ImmutableArray<ChangesInfo> flows, DataType? historyType)
    {
        this.flows = flows;
        HistoryType = historyType;
    }

    /// <summary>The type of <c>__START_AT</c> and <c>__END_AT</c>; null where no history is kept.</summary>
    public DataType? HistoryType { get; }

    /// <summary>Looks whether the flows agree. Null if there are none.</summary>
    public static SharedChanges? Of(BindingContext context, Declaration table, ImmutableArray<(FlowDeclaration Flow, BoundChanges Changes)> flows)
    {
        if (flows.IsEmpty) return null;
        var (first, model) = flows[0];
        foreach (var (flow, changes) in flows)
        {
            if (changes.Info.Scd != model.Info.Scd) Disagree(flow, "the SCD type");
            else if (!changes.Info.Keys.SequenceEqual(model.Info.Keys, StringComparer.OrdinalIgnoreCase)) Disagree(flow, "their keys");
            else if (!changes.SequenceType.Equals(model.SequenceType) && changes.SequenceType is not NullType && model.SequenceType is not NullType)
                Disagree(flow, $"the type of their sequence ({model.SequenceType} and {changes.SequenceType})");
            else if (changes.Info.FromSnapshots != model.Info.FromSnapshots || (changes.Info.FromSnapshots && flow != first))
                Disagree(flow, "what makes up the table: a snapshot is all of it, and is its only source");
            var partial = changes.Info.ListsColumns ? "COLUMNS TO UPDATE" : changes.Info.IgnoreNull.IsEmpty ? null : "IGNORE NULL UPDATES";
            if (partial is not null && table.Declared.FirstOrDefault(d => d.Generated is not null) is { } generated)
                context.Error(CdcErrors.ClausesClash(flow.At, partial, $"the generated column '{generated.Name}'", "Compute it in a view over the table."));
        }

        return new SharedChanges([.. flows.Select(f => f.Changes.Info)], model.Info.Scd == ScdType.Type2 ? model.SequenceType : null);

        void Disagree(FlowDeclaration flow, string what) => context.Error(CdcErrors.FlowsDisagree(flow.At, table.Name.Name, what, first.At));
    }

    /// <summary>The flow's facts with names as the table has them, and with what the other flows leave out.</summary>
    public ChangesInfo Complete(ChangesInfo info, Schema columns)
    {
        return info with
        {
            Keys = [.. info.Keys.Select(k => columns.Find(k)?.Name ?? k)],
            Tracked = InTable(columns, info.Tracked.Contains),
            IgnoreNull = InTable(columns, info.IgnoreNull.Contains),
            Partial = InTable(columns, (name, same) => flows.Any(f => f.ListsColumns || f.IgnoreNull.Contains(name, same))),
        };

        ImmutableArray<string> InTable(Schema columns, Func<string, IEqualityComparer<string>, bool> isNamed) =>
        [
            .. columns.Fields.Select(f => f.Name).Where(name => name is not (ChangeLayout.StartAt or ChangeLayout.EndAt)
                && !info.Keys.Contains(name, StringComparer.OrdinalIgnoreCase) && isNamed(name, StringComparer.OrdinalIgnoreCase)),
        ];
    }
}
