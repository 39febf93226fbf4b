namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>regr_intercept(y, x)</c>.</summary>
public struct RegressionInterceptState
{
    private CoMoments moments;

    public readonly bool HasValue => moments.Count > 0 && moments.Xx != 0;

    public void Add(double y, double x, int site) => moments.Add(x, y);

    public void Merge(in RegressionInterceptState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.MeanY - (moments.Xy / moments.Xx * moments.MeanX);
}
