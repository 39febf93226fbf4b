namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>last</c>: the value of the last row (NULL counts, through <see cref="AddNull"/>, unless the caller skips it).</summary>
public struct LastState<T>
    where T : unmanaged
{
    private T value;
    private bool seen;
    private bool isNull;

    public readonly bool HasValue => seen && !isNull;

    public void Add(T value, int site)
    {
        seen = true;
        isNull = false;
        this.value = value;
    }

    public void AddNull(int site)
    {
        seen = true;
        isNull = true;
    }

    public void Merge(in LastState<T> other, int site)
    {
        if (other.seen) this = other;
    }

    public readonly T Result(int site) => value;
}
