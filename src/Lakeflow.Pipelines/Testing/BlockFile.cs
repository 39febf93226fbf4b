namespace Lakeflow.Pipelines.Testing;

/// <summary>One block of a file of blocks: a head line, lines of text, and after <c>----</c> what is expected.</summary>
/// <param name="Line">1-based line of the head.</param>
/// <param name="Head">The words of the head line.</param>
/// <param name="Body">The lines between the head and <c>----</c>.</param>
/// <param name="Expected">The lines after <c>----</c>; null where there is no such line.</param>
public sealed record Block(int Line, string[] Head, string[] Body, string[]? Expected)
{
    public string Text => string.Join('\n', Body);
}

/// <summary>A text of blocks, separated by blank lines; lines between blocks that begin with <c>#</c> are comments.</summary>
/// <remarks>The one form of expected answers here: <c>.slt</c> files of queries and <c>.test</c> files of pipelines.</remarks>
public sealed class BlockFile
{
    private const string Divider = "----";

    private readonly string[] lines;
    private readonly List<(int Start, int End)> places = [];

    private BlockFile(string path, string[] lines)
    {
        Path = path;
        this.lines = lines;
    }

    public string Path { get; }

    /// <summary>What the file is about: the text after <c># name:</c>; empty if there is none.</summary>
    public string Name { get; private set; } = "";

    public List<Block> Blocks { get; } = [];

    public static BlockFile Read(string path)
    {
        var file = new BlockFile(path, File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
        var lines = file.lines;
        for (var at = 0; at < lines.Length;)
        {
            if (lines[at].StartsWith("# name:", StringComparison.Ordinal)) file.Name = lines[at]["# name:".Length..].Trim();
            if (lines[at].Length == 0 || lines[at][0] == '#')
            {
                at++;
                continue;
            }

            var end = Array.FindIndex(lines, at, l => l.Length == 0);
            if (end < 0) end = lines.Length;
            var divider = Array.IndexOf(lines, Divider, at, end - at);
            file.Blocks.Add(new Block(
                at + 1, lines[at].Split(' ', StringSplitOptions.RemoveEmptyEntries), lines[(at + 1)..(divider < 0 ? end : divider)],
                divider < 0 ? null : lines[(divider + 1)..end]));
            file.places.Add((at, end));
            at = end;
        }

        return file;
    }

    /// <summary>Writes the file again with other expected lines; null leaves a block as it is.</summary>
    /// <param name="expected">One entry a block.</param>
    public void Fill(IReadOnlyList<string[]?> expected)
    {
        var text = new List<string>(lines[..(places.Count == 0 ? lines.Length : places[0].Start)]);
        for (var i = 0; i < Blocks.Count; i++)
        {
            var (start, end) = places[i];
            text.AddRange(lines[start..end].TakeWhile(l => expected[i] is null || l != Divider));
            if (expected[i] is { } filled) text.AddRange(filled.Prepend(Divider));
            var next = i + 1 < Blocks.Count ? places[i + 1].Start : lines.Length;
            text.AddRange(lines[end..next]);
        }

        File.WriteAllText(Path, string.Join('\n', text).TrimEnd('\n') + "\n");
    }
}
