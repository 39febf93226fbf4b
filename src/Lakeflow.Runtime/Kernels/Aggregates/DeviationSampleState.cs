namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>stddev_samp</c>.</summary>
public struct DeviationSampleState
{
    private Moments moments;

    public readonly bool HasValue => moments.Count > 1;

    public void Add(double value, int site) => moments.Add(value);

    public void Merge(in DeviationSampleState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => Math.Sqrt(moments.M2 / (moments.Count - 1));
}
