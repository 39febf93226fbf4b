namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>covar_samp</c>.</summary>
public struct CovarianceSampleState
{
    private CoMoments moments;

    public readonly bool HasValue => moments.Count > 1;

    public void Add(double x, double y, int site) => moments.Add(x, y);

    public void Merge(in CovarianceSampleState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.Xy / (moments.Count - 1);
}
