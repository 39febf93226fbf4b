using System.Diagnostics;

namespace Lakeflow.Benchmarks;

/// <summary>Times two sides in turn and compares medians: what a shared machine does to one round it does to both.</summary>
public static class Pairing
{
    /// <summary>Runs both sides <paramref name="rounds"/> times, interleaved, after two rounds that are not counted.</summary>
    /// <param name="clock">Milliseconds since some moment: <see cref="Wall"/> or <see cref="Processor"/>.</param>
    public static PairResult Run(string name, int rounds, Action ours, Action theirs, Func<double> clock)
    {
        for (var i = 0; i < 2; i++)
        {
            theirs();
            ours();
        }

        var mine = new double[rounds];
        var other = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            other[i] = Time(theirs, clock);
            mine[i] = Time(ours, clock);
        }

        return new PairResult(name, Median(mine), Median(other), mine.Min(), other.Min());
    }

    /// <summary>Time as a clock on the wall tells it.</summary>
    public static double Wall() => Stopwatch.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Processor time of all threads of this process: on a busy machine it says more, though not how well threads share the work.</summary>
    public static double Processor() => Environment.CpuUsage.TotalTime.TotalMilliseconds;

    private static double Time(Action action, Func<double> clock)
    {
        var start = clock();
        action();
        return clock() - start;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}

/// <summary>One comparison. Times in milliseconds.</summary>
public sealed record PairResult(string Name, double OurMedian, double TheirMedian, double OurMinimum, double TheirMinimum)
{
    /// <summary>Ours / theirs: below 1 we are faster.</summary>
    public double Ratio => OurMedian / TheirMedian;

    public double MinimumRatio => OurMinimum / TheirMinimum;

    public override string ToString() =>
        $"{Name,-44} {OurMedian,9:F1} ms {TheirMedian,9:F1} ms   ratio {Ratio,6:F2}   (minimum {MinimumRatio:F2})";
}
