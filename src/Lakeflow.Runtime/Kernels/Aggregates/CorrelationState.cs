namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>corr</c>.</summary>
public struct CorrelationState
{
    private CoMoments moments;

    public readonly bool HasValue => moments.Count > 1;

    public void Add(double x, double y, int site) => moments.Add(x, y);

    public void Merge(in CorrelationState other, int site) => moments.Merge(other.moments);

    /// <summary>Where one side is constant, the division by zero that it is.</summary>
    public readonly double Result(int site)
    {
        var size = Math.Sqrt(moments.Xx * moments.Yy);
        if (size == 0) Throw.DivideByZero(site, moments.Xy);
        return moments.Xy / size;
    }
}
