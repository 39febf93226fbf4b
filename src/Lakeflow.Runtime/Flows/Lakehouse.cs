using System.Globalization;
using Lakeflow.Delta;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Runtime.Flows;

/// <summary>The folder or bucket where a pipeline's tables live: <c>catalog/schema/table</c>, and what is ours alone under <c>_lakeflow</c>.</summary>
public sealed class Lakehouse
{
    private const string Hidden = "_lakeflow";
    /// <summary>What the usual file systems take as one name.</summary>
    private const int MostOfSegment = 255;

    private const string FilesPrefix = "files-";
    private const string HoldPrefix = "held-";

    private readonly Func<string, IObjectStore> open;

    /// <param name="location">As the user knows it.</param>
    /// <param name="open">Opens the store of a table by its path within the lakehouse, '/' between segments.</param>
    public Lakehouse(string location, Func<string, IObjectStore> open)
    {
        Location = location;
        this.open = open;
    }

    public string Location { get; }

    /// <summary>A lakehouse in a folder, which is made on the first write.</summary>
    public static Lakehouse InFolder(string folder)
    {
        var root = Path.GetFullPath(folder);
        return new(root, path => new LocalStore(Path.Combine([root, .. path.Split('/')])));
    }

    /// <summary>Where runs of a lakehouse in a folder put what does not fit into memory.</summary>
    public static string SpillFolder(string folder) => Path.Combine(Path.GetFullPath(folder), Hidden, "spill");

    /// <summary>Where a table's files are, within the lakehouse. Names are kept in lower case: they compare without regard to it.</summary>
    public static string PathOf(QualifiedName table) =>
        $"{Segment(table.Catalog)}/{Segment(table.Schema)}/{Segment(table.Name)}";

    /// <summary>Why a table cannot have a name, as the end of a sentence; null if it can.</summary>
    public static string? ProblemOf(QualifiedName table)
    {
        foreach (var part in (string[])[table.Catalog, table.Schema, table.Name])
        {
            if (string.IsNullOrWhiteSpace(part)) return "it is empty";
            if (part.Any(char.IsControl)) return "it has a control character";
            if (Segment(part).Length > MostOfSegment) return string.Create(CultureInfo.InvariantCulture, $"as a folder it would have {Segment(part).Length} characters, and {MostOfSegment} are the most");
        }

        return null;
    }

    public IObjectStore Table(QualifiedName table) => open(PathOf(table));

    /// <summary>A Delta table that is named by its folder, outside of the lakehouse's layout.</summary>
    public static IObjectStore FolderTable(string folder) => new LocalStore(folder);

    public IObjectStore EventLog() => open($"{Hidden}/event_log");

    /// <summary>A state table, by the name that flow records know it by.</summary>
    public IObjectStore State(string name) => open($"{Hidden}/state/{name}");

    /// <summary>The name of the state table in which a file source of a flow keeps the files it has seen.</summary>
    public static string StateName(FlowInfo flow, int generation, SourceInfo source) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{PathOf(flow.Target)}/{Segment(FlowRecord.IdOf(flow))}/{generation}/{FilesPrefix}{Fingerprint.Short(source.Key)}");

    /// <summary>True for names that <see cref="StateName"/> gives.</summary>
    public static bool IsFileState(string name) => name.AsSpan(name.LastIndexOf('/') + 1).StartsWith(FilesPrefix, StringComparison.Ordinal);

    /// <summary>The name of the state table in which the AUTO CDC flows of a target keep events.</summary>
    public static string ChangeStateName(QualifiedName target, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{PathOf(target)}/{generation}/changes");

    /// <summary>The name of a state table in which a flow keeps rows of a stream. Rows of another meaning have another name.</summary>
    /// <param name="part">Which rows: of a hold its number, of a join its number and the side.</param>
    /// <param name="meaning">Fingerprint of what the rows are.</param>
    public static string HoldStateName(FlowInfo flow, int generation, string part, string meaning) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{PathOf(flow.Target)}/{Segment(FlowRecord.IdOf(flow))}/{generation}/{HoldPrefix}{part}-{meaning}");

    /// <summary>True for names that <see cref="HoldStateName"/> gives.</summary>
    public static bool IsHoldState(string name) => name.AsSpan(name.LastIndexOf('/') + 1).StartsWith(HoldPrefix, StringComparison.Ordinal);

    /// <summary>A name as one path segment: what a file system could misread is percent-encoded.</summary>
    internal static string Segment(string name)
    {
        var text = Uri.EscapeDataString(name.ToLowerInvariant());
        return text is "." or ".." or Hidden ? text.Replace(".", "%2E", StringComparison.Ordinal).Replace("_", "%5F", StringComparison.Ordinal) : text;
    }
}
