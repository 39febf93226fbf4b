namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>bool_and</c>: whether every value is TRUE.</summary>
public struct BoolAndState
{
    private bool seen;
    private bool failed;

    public readonly bool HasValue => seen;

    public void Add(bool value, int site)
    {
        seen = true;
        failed |= !value;
    }

    public void Merge(in BoolAndState other, int site)
    {
        seen |= other.seen;
        failed |= other.failed;
    }

    public readonly bool Result(int site) => !failed;
}
