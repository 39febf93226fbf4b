namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>stddev_pop</c>.</summary>
public struct DeviationPopulationState
{
    private Moments moments;

    public readonly bool HasValue => moments.Count > 0;

    public void Add(double value, int site) => moments.Add(value);

    public void Merge(in DeviationPopulationState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => Math.Sqrt(moments.M2 / moments.Count);
}
