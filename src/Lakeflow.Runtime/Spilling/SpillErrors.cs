using System.Globalization;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Spilling;

/// <summary>LF5020–LF5024: what cannot be held, and what cannot be spilled. One method a code.</summary>
internal static class SpillErrors
{
    /// <summary>What has to be in memory at once does not fit.</summary>
    /// <param name="what">"The rows of one window partition".</param>
    /// <param name="bytes">What they take.</param>
    /// <param name="budget">What there is.</param>
    /// <param name="instead">What the query could do.</param>
    public static RuntimeError TooLarge(string what, long bytes, long budget, string instead) => new(
        "LF5020", $"{what} must be in memory together: {Size(bytes)}, of a budget of {Size(budget)}.",
        $"Give more with {MemoryBudget.Setting}, or {instead}.");

    public static RuntimeError OverLimit(string folder, long limit) => new(
        "LF5021", $"What does not fit into memory is put into {folder}, where it may take {Size(limit)} ({MemoryBudget.LimitSetting}): that is not enough.",
        $"Nothing was lost. Raise {MemoryBudget.LimitSetting} or {MemoryBudget.Setting}.");

    public static RuntimeError Failed(string folder, Exception cause) => new(
        "LF5022", $"What does not fit into memory is put into {folder}, which failed: {cause.Message}",
        $"Nothing was lost. Make room there, name another folder with {MemoryBudget.FolderSetting}, or raise {MemoryBudget.Setting}.", inner: cause);

    public static RuntimeError OutOfMemory(Exception cause) => new(
        "LF5023", "The process ran out of memory.",
        $"Lower {MemoryBudget.Setting}, so that more is spilled, or run with fewer --threads.", inner: cause);

    public static RuntimeError BadSize(string key, string text) => new(
        "LF5024", $"'{text}' is no size for {key}.",
        key == MemoryBudget.LimitSetting ? "Write a number and a unit: 100GB, 500MB." : "Write a number and a unit, or a part of the machine's memory: 4GB, 512MB, 50%.");

    private static string Size(long bytes)
    {
        string[] units = ["bytes", "KB", "MB", "GB", "TB"];
        var unit = 0;
        double size = bytes;
        while (size >= 1024 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {units[unit]}");
    }
}
