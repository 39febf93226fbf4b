namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>kurtosis</c>.</summary>
public struct KurtosisState
{
    private Moments moments;

    public readonly bool HasValue => moments.Count > 0 && moments.M2 != 0;

    public void Add(double value, int site) => moments.Add(value);

    public void Merge(in KurtosisState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.Kurtosis;
}
