namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>regr_avgy(y, x)</c>.</summary>
public struct RegressionAverageYState
{
    private CoMoments moments;

    public readonly bool HasValue => moments.Count > 0;

    public void Add(double y, double x, int site) => moments.Add(x, y);

    public void Merge(in RegressionAverageYState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.MeanY;
}
