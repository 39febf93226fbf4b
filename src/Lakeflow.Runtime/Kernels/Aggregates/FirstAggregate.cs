using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>first(x[, ignoreNulls])</c> of any type.</summary>
public sealed class FirstAggregate : IObjectAggregate
{
    private readonly bool ignoreNulls;
    private bool seen;
    private object? value;

    private FirstAggregate(bool ignoreNulls) => this.ignoreNulls = ignoreNulls;

    public static IObjectAggregate Create(AggregateContext context) => new FirstAggregate(context.Constants is [_, true, ..]);

    public void Add(object? value, object? second, int site)
    {
        if (seen || (ignoreNulls && value is null)) return;
        seen = true;
        this.value = value;
    }

    public void Merge(IObjectAggregate other, int site)
    {
        var later = (FirstAggregate)other;
        if (later.seen) Add(later.value, null, site);
    }

    public object? Result(int site) => value;

    public void Write(SpillWriter to)
    {
        to.Put(seen);
        to.PutValue(value);
    }

    public void Read(SpillReader from)
    {
        seen = from.Get<bool>();
        value = from.GetValue();
    }
}
