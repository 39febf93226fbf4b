using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>last(x[, ignoreNulls])</c> of any type.</summary>
public sealed class LastAggregate : IObjectAggregate
{
    private readonly bool ignoreNulls;
    private bool seen;
    private object? value;

    private LastAggregate(bool ignoreNulls) => this.ignoreNulls = ignoreNulls;

    public static IObjectAggregate Create(AggregateContext context) => new LastAggregate(context.Constants is [_, true, ..]);

    public void Add(object? value, object? second, int site)
    {
        if ((ignoreNulls && value is null)) return;
        seen = true;
        this.value = value;
    }

    public void Merge(IObjectAggregate other, int site)
    {
        var later = (LastAggregate)other;
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
