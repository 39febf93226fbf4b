namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>first</c>, <c>any_value</c>: the value of the first row (NULL counts, through <see cref="AddNull"/>, unless the caller skips it).</summary>
public struct FirstState<T>
    where T : unmanaged
{
    private T value;
    private bool seen;
    private bool isNull;

    public readonly bool HasValue => seen && !isNull;

    public void Add(T value, int site)
    {
        if (seen) return;
        seen = true;
        this.value = value;
    }

    public void AddNull(int site)
    {
        if (seen) return;
        seen = true;
        isNull = true;
    }

    public void Merge(in FirstState<T> other, int site)
    {
        if (!seen) this = other;
    }

    public readonly T Result(int site) => value;
}
