using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gathers the window functions of a SELECT, by partitioning and order.</summary>
internal sealed class WindowCollector(PlanScope ids, ImmutableArray<NamedWindowSyntax> named)
{
    private readonly Dictionary<string, Group> byKey = new(StringComparer.Ordinal);

    public List<Group> Groups { get; } = [];

    /// <summary>The WINDOW clause.</summary>
    public ImmutableArray<NamedWindowSyntax> Named { get; } = named;

    /// <summary>True while the parts of a window function are bound, where no other may stand.</summary>
    public bool Inside { get; set; }

    public ColumnRef Add(ImmutableArray<Expr> partitionBy, ImmutableArray<SortKey> orderBy, WindowCall call, string? name, SourceSpan origin)
    {
        var key = $"{ExprKey.Of(partitionBy)} by {string.Join(';', orderBy.Select(o => $"{ExprKey.Of(o.Value)} {o.Descending} {o.NullsFirst}"))}";
        if (!byKey.TryGetValue(key, out var group))
        {
            group = new Group(partitionBy, orderBy, [], origin);
            byKey.Add(key, group);
            Groups.Add(group);
        }

        var callKey = $"{call.Function.Name}({ExprKey.Of(call.Arguments)}) {call.Frame} {(call.Frame.Range is { } range ? ExprKey.Of(new[] { range.From, range.To }.OfType<Expr>()) : "")} {call.IgnoreNulls}";
        if (group.Calls.Find(c => c.Key == callKey) is not { Call: not null } found)
        {
            found = (callKey, new NamedWindowCall(call, ids.NewColumn(name ?? $"{call.Function.Name}({string.Join(", ", call.Arguments)})", call.Type, call.Nullable)));
            group.Calls.Add(found);
        }

        return new ColumnRef(found.Call.Column, call.Origin);
    }

    internal sealed record Group(
        ImmutableArray<Expr> PartitionBy, ImmutableArray<SortKey> OrderBy, List<(string Key, NamedWindowCall Call)> Calls, SourceSpan Origin);
}
