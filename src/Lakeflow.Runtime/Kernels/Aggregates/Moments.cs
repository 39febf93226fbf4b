namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>Count, mean and central moments to the fourth, updated row by row and merged, both numerically stable.</summary>
public struct Moments
{
    private double mean, m2, m3, m4;

    public double Count { get; private set; }

    public readonly double M2 => m2;

    public void Add(double value)
    {
        var before = Count;
        Count++;
        var delta = value - mean;
        var step = delta / Count;
        var square = step * step;
        var term = delta * step * before;
        mean += step;
        m4 += (term * square * ((Count * Count) - (3 * Count) + 3)) + (6 * square * m2) - (4 * step * m3);
        m3 += (term * step * (Count - 2)) - (3 * step * m2);
        m2 += term;
    }

    public void Merge(in Moments other)
    {
        if (other.Count == 0) return;
        if (Count == 0)
        {
            this = other;
            return;
        }

        double a = Count, b = other.Count, n = a + b;
        var delta = other.mean - mean;
        var step = delta / n;
        m4 += other.m4 + (delta * step * step * step * a * b * ((a * a) - (a * b) + (b * b)))
            + (6 * step * step * ((a * a * other.m2) + (b * b * m2))) + (4 * step * ((a * other.m3) - (b * m3)));
        m3 += other.m3 + (delta * step * step * a * b * (a - b)) + (3 * step * ((a * other.m2) - (b * m2)));
        m2 += other.m2 + (delta * step * a * b);
        mean += b * step;
        Count = n;
    }

    public readonly double Skewness => m2 == 0 ? double.NaN : Math.Sqrt(Count) * m3 / Math.Sqrt(m2 * m2 * m2);

    public readonly double Kurtosis => m2 == 0 ? double.NaN : (Count * m4 / (m2 * m2)) - 3;
}
