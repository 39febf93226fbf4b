namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>regr_r2(y, x)</c>.</summary>
public struct RegressionFitState
{
    private CoMoments moments;

    public readonly bool HasValue => moments.Count > 0 && moments.Xx != 0;

    public void Add(double y, double x, int site) => moments.Add(x, y);

    public void Merge(in RegressionFitState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.Yy == 0 ? 1 : moments.Xy * moments.Xy / moments.Xx / moments.Yy;
}
