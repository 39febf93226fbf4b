namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>regr_slope(y, x)</c>.</summary>
public struct RegressionSlopeState
{
    private CoMoments moments;

    public readonly bool HasValue => moments.Count > 0 && moments.Xx != 0;

    public void Add(double y, double x, int site) => moments.Add(x, y);

    public void Merge(in RegressionSlopeState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.Xy / moments.Xx;
}
