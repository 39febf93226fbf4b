namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>covar_pop</c>.</summary>
public struct CovariancePopulationState
{
    private CoMoments moments;

    public readonly bool HasValue => moments.Count > 0;

    public void Add(double x, double y, int site) => moments.Add(x, y);

    public void Merge(in CovariancePopulationState other, int site) => moments.Merge(other.moments);

    public readonly double Result(int site) => moments.Xy / moments.Count;
}
