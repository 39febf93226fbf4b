namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>Count, means, second moments and the mixed moment of two numbers.</summary>
public struct CoMoments
{
    private double meanX, meanY;

    public double Count { get; private set; }

    public readonly double MeanX => meanX;

    public readonly double MeanY => meanY;

    public double Xx { get; private set; }

    public double Yy { get; private set; }

    public double Xy { get; private set; }

    public void Add(double x, double y)
    {
        Count++;
        var dx = x - meanX;
        var dy = y - meanY;
        meanX += dx / Count;
        meanY += dy / Count;
        Xy += dx * (y - meanY);
        Xx += dx * (x - meanX);
        Yy += dy * (y - meanY);
    }

    public void Merge(in CoMoments other)
    {
        if (other.Count == 0) return;
        var n = Count + other.Count;
        var dx = other.meanX - meanX;
        var dy = other.meanY - meanY;
        var weight = Count * other.Count / n;
        Xy += other.Xy + (dx * dy * weight);
        Xx += other.Xx + (dx * dx * weight);
        Yy += other.Yy + (dy * dy * weight);
        meanX += dx * other.Count / n;
        meanY += dy * other.Count / n;
        Count = n;
    }
}
