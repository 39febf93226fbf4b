namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>var_pop</c>.</summary>
public struct VariancePopulationState
{
    private Moments moments;

    public readonly bool HasValue => moments.Count > 0;

    public void Add(double value, int site) => moments.Add(value);

    public void Merge(in VariancePopulationState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.M2 / moments.Count;
}
