using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>The <c>delta.*</c> table properties that we act on, with Delta's defaults.</summary>
public sealed record TableProperties(IReadOnlyDictionary<string, string> Values)
{
    public const string BloomProperty = "lakeflow.bloomFilterColumns";

    private const string MappingProperty = "delta.columnMapping.mode";

    private static readonly Dictionary<string, Func<TableProperties, object>> Readers = new(StringComparer.Ordinal)
    {
        ["delta.appendOnly"] = p => p.AppendOnly,
        ["delta.enableDeletionVectors"] = p => p.WritesDeletionVectors,
        ["delta.enableChangeDataFeed"] = p => p.WritesChanges,
        [TypeWidening.Property] = p => p.WidensTypes,
        ["pipelines.autoOptimize.managed"] = p => p.IsManaged,
        ["delta.autoOptimize.autoCompact"] = p => p.CompactsItself,
        ["delta.checkpointInterval"] = p => p.CheckpointInterval,
        ["delta.enableExpiredLogCleanup"] = p => p.CleansLog,
        ["delta.logRetentionDuration"] = p => p.LogRetention,
        ["delta.deletedFileRetentionDuration"] = p => p.DeletedFileRetention,
        ["delta.targetFileSize"] = p => p.TargetFileBytes,
        ["delta.dataSkippingNumIndexedCols"] = p => p.IndexedColumns,
        [MappingProperty] = p => p.MappingMode,
    };

    /// <summary>The properties that <see cref="Problem"/> knows.</summary>
    public static IEnumerable<string> Names => Readers.Keys;

    /// <summary>What is wrong with a property's value; null if nothing is, or if we do not act on the property.</summary>
    public static string? Problem(string property, string value)
    {
        try
        {
            if (Readers.TryGetValue(property, out var read)) read(new TableProperties(new Dictionary<string, string>(StringComparer.Ordinal) { [property] = value }));
            return null;
        }
        catch (DataFault fault)
        {
            return fault.Message;
        }
    }

    /// <summary>
    /// True for what a table must not say of itself: wishes for the protocol, which is no property, and properties whose feature is not written here.
    /// Who finds one of those without its feature takes the table for a broken one.
    /// </summary>
    public static bool IsNotKept(string property) => property.StartsWith("delta.feature.", StringComparison.Ordinal)
        || property is "delta.minReaderVersion" or "delta.minWriterVersion" or "delta.enableRowTracking" or "delta.enableInCommitTimestamps"
            or "delta.enableIcebergCompatV1" or "delta.enableIcebergCompatV2" or "delta.universalFormat.enabledFormats";

    /// <summary>How columns are called in the files: <c>none</c>, <c>name</c> or <c>id</c>.</summary>
    public string MappingMode => Values.GetValueOrDefault(MappingProperty)?.ToLowerInvariant() switch
    {
        null or "none" => "none",
        "name" => "name",
        "id" => "id",
        _ => throw DeltaFaults.BadProperty(MappingProperty, Values[MappingProperty], "none, name or id"),
    };

    /// <summary>True if rows may be added and not removed.</summary>
    public bool AppendOnly => Flag("delta.appendOnly", false);

    /// <summary>True if deleted rows are noted in deletion vectors; else the files that held them are written again.</summary>
    public bool WritesDeletionVectors => Flag("delta.enableDeletionVectors", false);

    /// <summary>True if commits are to tell what rows they change.</summary>
    public bool WritesChanges => Flag("delta.enableChangeDataFeed", false);

    /// <summary>True if columns may get wider types without their files being written again.</summary>
    public bool WidensTypes => Flag(TypeWidening.Property, false);

    /// <summary>True if the table is looked after without being asked: old files deleted, and small ones laid together. Lakeflow's own, on unless set.</summary>
    public bool IsManaged => Flag("pipelines.autoOptimize.managed", true);

    /// <summary>True if small files are laid together without being asked; what is managed has it on.</summary>
    public bool CompactsItself => Flag("delta.autoOptimize.autoCompact", IsManaged);

    /// <summary>Commits between two checkpoints.</summary>
    public int CheckpointInterval => (int)Number("delta.checkpointInterval", 10);

    /// <summary>True if we may write the table's checkpoints; those of version 2 are read only.</summary>
    public bool WritesClassicCheckpoints => Values.GetValueOrDefault("delta.checkpointPolicy") is null or "classic";

    /// <summary>True if old commits are deleted.</summary>
    public bool CleansLog => Flag("delta.enableExpiredLogCleanup", true);

    /// <summary>How long commits are kept.</summary>
    public TimeSpan LogRetention => Duration("delta.logRetentionDuration", TimeSpan.FromDays(30));

    /// <summary>How long a tombstone is kept in checkpoints.</summary>
    public TimeSpan DeletedFileRetention => Duration("delta.deletedFileRetentionDuration", TimeSpan.FromDays(7));

    /// <summary>Bytes that compaction aims at.</summary>
    public long TargetFileBytes => Bytes("delta.targetFileSize", 128L << 20);

    /// <summary>Top-level columns whose files get bloom filters, for finding keys. Lakeflow's own, none unless set.</summary>
    public IEnumerable<string> BloomColumns =>
        Values.GetValueOrDefault(BloomProperty)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Leaf columns that get statistics; -1 is all.</summary>
    public int IndexedColumns => (int)Number("delta.dataSkippingNumIndexedCols", 32);

    private bool Flag(string name, bool otherwise) =>
        Values.TryGetValue(name, out var text) ? bool.TryParse(text, out var flag) ? flag : throw DeltaFaults.BadProperty(name, text, "true or false") : otherwise;

    private long Number(string name, long otherwise)
    {
        if (!Values.TryGetValue(name, out var text)) return otherwise;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw DeltaFaults.BadProperty(name, text, "a number");
    }

    /// <summary><c>134217728</c>, <c>128mb</c>, <c>1g</c>: powers of 1024.</summary>
    private long Bytes(string name, long otherwise)
    {
        if (!Values.TryGetValue(name, out var text)) return otherwise;
        var number = text.Trim().ToLowerInvariant().TrimEnd('b');
        var shift = number.Length == 0 ? 0 : number[^1] switch
        {
            'k' => 10,
            'm' => 20,
            'g' => 30,
            _ => 0,
        };
        if (shift > 0) number = number[..^1];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 1L << 33
            ? count << shift
            : throw DeltaFaults.BadProperty(name, text, "a number of bytes such as '128mb'");
    }

    /// <summary><c>interval 30 days</c>, <c>1 week</c>, <c>interval 12 hours 30 minutes</c>. Months have no fixed length and are refused, as in Delta.</summary>
    private TimeSpan Duration(string name, TimeSpan otherwise)
    {
        if (!Values.TryGetValue(name, out var text)) return otherwise;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["interval" or "INTERVAL", ..]) words = words[1..];
        var sum = TimeSpan.Zero;
        for (var i = 0; i < words.Length; i += 2)
        {
            var unit = i + 1 < words.Length ? words[i + 1].ToLowerInvariant().TrimEnd('s') : "";
            if (!long.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)) unit = "";
            sum += unit switch
            {
                "week" => TimeSpan.FromDays(7 * count),
                "day" => TimeSpan.FromDays(count),
                "hour" => TimeSpan.FromHours(count),
                "minute" => TimeSpan.FromMinutes(count),
                "second" => TimeSpan.FromSeconds(count),
                "millisecond" => TimeSpan.FromMilliseconds(count),
                "microsecond" => TimeSpan.FromMicroseconds(count),
                _ => throw DeltaFaults.BadProperty(name, text, "an interval such as 'interval 30 days'"),
            };
        }

        return words.Length == 0 ? throw DeltaFaults.BadProperty(name, text, "an interval such as 'interval 30 days'") : sum;
    }
}
