namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>bool_or</c>: whether some value is TRUE.</summary>
public struct BoolOrState
{
    private bool seen;
    private bool found;

    public readonly bool HasValue => seen;

    public void Add(bool value, int site)
    {
        seen = true;
        found |= value;
    }

    public void Merge(in BoolOrState other, int site)
    {
        seen |= other.seen;
        found |= other.found;
    }

    public readonly bool Result(int site) => found;
}
