using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The arguments that a DISTINCT aggregate has seen in a group; several arguments as one <c>object?[]</c>.</summary>
public sealed class DistinctSet
{
    private readonly HashSet<object?> values = new(ValueComparer.Instance);

    /// <summary>In the order in which they were first seen.</summary>
    public IEnumerable<object?> Values => values;

    /// <summary>True if it was not there yet.</summary>
    public bool Add(object? value) => values.Add(value);

    public void Write(SpillWriter to) => to.PutValues(values);

    public void Read(SpillReader from)
    {
        foreach (var value in from.GetValues()) values.Add(value);
    }
}
