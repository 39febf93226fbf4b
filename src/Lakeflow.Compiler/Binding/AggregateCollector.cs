using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gathers the aggregate functions of a SELECT; equal ones are computed once.</summary>
internal sealed class AggregateCollector(PlanScope ids)
{
    private readonly Dictionary<string, NamedAggregate> byKey = new(StringComparer.Ordinal);

    public List<NamedAggregate> Found { get; } = [];

    /// <summary>True while the arguments of an aggregate function are bound, where no other may stand.</summary>
    public bool Inside { get; set; }

    /// <summary>Where the first one stands.</summary>
    public ColumnRef Add(AggregateCall call, string? name)
    {
        var key = ExprKey.Of(call);
        if (!byKey.TryGetValue(key, out var aggregate))
        {
            aggregate = new NamedAggregate(call, ids.NewColumn(name ?? call.ToString(), call.Type, call.Nullable));
            byKey.Add(key, aggregate);
            Found.Add(aggregate);
        }

        return new ColumnRef(aggregate.Column, call.Origin);
    }
}
