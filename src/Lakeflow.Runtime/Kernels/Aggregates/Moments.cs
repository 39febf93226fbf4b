namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>Count, mean and central moments to the fourth, updated row by row and merged, both numerically stable.</summary>
public struct Moments
{
    private double mean, m2, m3, m4;

    public double Count { get; private set; }

    public readonly double M2 => m2;

    public void Add(double value)
    {
        Count++;
        var delta = value - mean;
        var step = delta / Count;
        mean += step;
        // Each moment uses the new one below it, in Spark's order of operations: equal input gives equal last digits.
        m2 += delta * (delta - step);
        m3 += (-3 * step * m2) + (delta * ((delta * delta) - (step * step)));
        m4 += (-4 * step * m3) - (6 * step * step * m2) + (delta * ((delta * delta * delta) - (step * step * step)));
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

    public readonly double Skewness => Math.Sqrt(Count) * m3 / Math.Sqrt(m2 * m2 * m2);

    public readonly double Kurtosis => (Count * m4 / (m2 * m2)) - 3;
}
