namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>var_samp</c>.</summary>
public struct VarianceSampleState
{
    private Moments moments;

    public readonly bool HasValue => moments.Count > 1;

    public void Add(double value, int site) => moments.Add(value);

    public void Merge(in VarianceSampleState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.M2 / (moments.Count - 1);
}
