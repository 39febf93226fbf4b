namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>regr_count(y, x)</c>.</summary>
public struct RegressionCountState
{
    private long count;

    public readonly bool HasValue => true;

    public void Add(double y, double x, int site) => count++;

    public void Merge(in RegressionCountState other, int site) => count += other.count;

    public readonly long Result(int site) => count;
}
