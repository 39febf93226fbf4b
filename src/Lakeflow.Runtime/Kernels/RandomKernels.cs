namespace Lakeflow.Runtime.Kernels;

/// <summary>Random numbers and identifiers: never folded.</summary>
public static class RandomKernels
{
    public static double Next(RandomSequence random) => random.NextDouble();

    public static double NextNormal(RandomSequence random) => random.NextNormal();

    public static Utf8 Uuid(scoped ref TextArena scratch)
    {
        var to = scratch.Take(36);
        Guid.NewGuid().TryFormat(to, out _);
        return new Utf8(to);
    }
}
