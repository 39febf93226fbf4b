namespace Lakeflow.Runtime.Kernels;

/// <summary>Random numbers and identifiers: never folded, never repeated for a retried row.</summary>
public static class RandomKernels
{
    [ThreadStatic]
    private static Dictionary<long, Random>? seeded;

    public static double Next() => Random.Shared.NextDouble();

    /// <summary>A sequence that the seed decides, per worker.</summary>
    public static double NextSeeded(long seed)
    {
        seeded ??= [];
        if (!seeded.TryGetValue(seed, out var random)) seeded[seed] = random = new Random((int)(seed ^ (seed >> 32)));
        return random.NextDouble();
    }

    public static double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble())) * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());

    public static Utf8 Uuid(scoped ref TextArena scratch)
    {
        var to = scratch.Take(36);
        Guid.NewGuid().TryFormat(to, out _);
        return new Utf8(to);
    }
}
