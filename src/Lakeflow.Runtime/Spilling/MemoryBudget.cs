using System.Globalization;

namespace Lakeflow.Runtime.Spilling;

/// <summary>How many bytes the breakers of a process may hold together, and where the rest goes. One per process, shared by all flows.</summary>
/// <remarks>
/// Breakers count the blocks that they have really taken. Nobody spills while the sum fits; when it does not, whoever holds more than an equal
/// share of what can be given back writes that out before it goes on.
/// </remarks>
public sealed class MemoryBudget
{
    /// <summary>The configuration key of the budget: bytes (<c>4GB</c>, <c>512MB</c>) or a part of the machine's memory (<c>50%</c>).</summary>
    public const string Setting = "lakeflow.memory";

    /// <summary>The configuration key of the folder for what is spilled.</summary>
    public const string FolderSetting = "lakeflow.spill.folder";

    /// <summary>The configuration key of how many bytes may stand there at a time.</summary>
    public const string LimitSetting = "lakeflow.spill.limit";

    /// <summary>What breakers take of the machine's memory, or of the container's, if nobody says anything: files being read and written need room, too.</summary>
    public const double DefaultPart = 0.5;

    private long used;
    private long pinned;
    private int spillable;

    /// <param name="bytes">What breakers may hold.</param>
    /// <param name="folder">Takes the rest.</param>
    public MemoryBudget(long bytes, SpillFolder folder)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Bytes = bytes;
        Folder = folder;
    }

    /// <summary>Of the machine or container, spilling into the temporary folder: for runs that were told nothing.</summary>
    public static MemoryBudget OfMachine { get; } = new((long)(DefaultPart * Available), new SpillFolder(SpillFolder.Temporary));

    public long Bytes { get; }

    public SpillFolder Folder { get; }

    /// <summary>What is held now.</summary>
    public long Used => Interlocked.Read(ref used);

    /// <summary>True lets every breaker spill after each batch, whatever it holds: tests make everything go through the disk.</summary>
    public bool SpillsAlways { get; init; }

    /// <summary>Bytes that the process may use: of its container if it is in one, else of the machine.</summary>
    private static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What the configuration says.</summary>
    /// <param name="configuration">Of the project and the command line.</param>
    /// <param name="folder">Where to spill if it does not say.</param>
    /// <exception cref="Diagnostics.RuntimeError">LF5024: a value is none.</exception>
    public static MemoryBudget Of(IReadOnlyDictionary<string, string> configuration, string folder)
    {
        var bytes = configuration.GetValueOrDefault(Setting) is { } memory ? Parse(Setting, memory) : (long)(DefaultPart * Available);
        var limit = configuration.GetValueOrDefault(LimitSetting) is { } most ? Parse(LimitSetting, most) : long.MaxValue;
        return new MemoryBudget(bytes, new SpillFolder(configuration.GetValueOrDefault(FolderSetting) ?? folder, limit));
    }

    /// <summary>A place in the budget for one breaker on one thread.</summary>
    public MemoryShare Open()
    {
        Interlocked.Increment(ref spillable);
        return new MemoryShare(this);
    }

    internal void Add(long bytes) => Interlocked.Add(ref used, bytes);

    /// <summary>A share has no more to give back by spilling, or is closed.</summary>
    internal void Settle() => Interlocked.Decrement(ref spillable);

    internal void Pin(long bytes) => Interlocked.Add(ref pinned, bytes);

    /// <summary>An equal part of what can be given back by spilling.</summary>
    internal long Fair => Math.Max(Bytes / 16, (Bytes - Interlocked.Read(ref pinned)) / Math.Max(1, Volatile.Read(ref spillable)));

    private static long Parse(string key, string text)
    {
        var value = text.AsSpan().Trim();
        (string Unit, double Size)[] units = [("%", Available / 100.0), ("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40), ("B", 1), ("", 1)];
        foreach (var (unit, size) in units)
        {
            if (!value.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) continue;
            if (key == LimitSetting && unit == "%") break;
            return double.TryParse(value[..^unit.Length], NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && number * size is >= 1 and < long.MaxValue
                ? (long)(number * size) : throw SpillErrors.BadSize(key, text);
        }

        throw SpillErrors.BadSize(key, text);
    }
}
