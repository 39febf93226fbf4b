namespace Lakeflow.Sql.Tests;

/// <summary>One block of a <c>.slt</c> file.</summary>
/// <param name="Line">1-based line of its first line.</param>
/// <param name="Sql">The text between the head line and <c>----</c>, or the end.</param>
internal abstract record SltBlock(int Line, string Sql);

/// <summary><c>table NAME</c>: rows that later queries read.</summary>
internal sealed record SltTable(int Line, string Name, string Sql) : SltBlock(Line, Sql);

/// <summary><c>query [rowsort] [duckdb]</c> with its rows, or <c>query error CLASS</c>.</summary>
internal sealed record SltQuery(int Line, string Sql, bool Sorted, bool DuckDb, string? Error, string[]? Rows) : SltBlock(Line, Sql);

/// <summary><c>statement error CODE at LINE:COLUMN</c>.</summary>
internal sealed record SltRefusal(int Line, string Sql, string Code, int AtLine, int AtColumn) : SltBlock(Line, Sql);

/// <summary>A file of SQL and answers; the format is in <c>tests/sql/README.md</c>.</summary>
internal sealed class SltFile
{
    private readonly string path;
    private readonly List<(int Start, int End)> places = [];

    private SltFile(string path, string[] lines)
    {
        this.path = path;
        Lines = lines;
    }

    /// <summary>What the file is about: its first line.</summary>
    public string Name { get; private set; } = "";

    public List<SltBlock> Blocks { get; } = [];

    private string[] Lines { get; }

    public static SltFile Read(string path)
    {
        var file = new SltFile(path, File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
        var at = 0;
        while (at < file.Lines.Length)
        {
            if (file.Lines[at].StartsWith("# name:", StringComparison.Ordinal)) file.Name = file.Lines[at]["# name:".Length..].Trim();
            if (file.Lines[at].Length == 0 || file.Lines[at][0] == '#')
            {
                at++;
                continue;
            }

            var end = Array.FindIndex(file.Lines, at, l => l.Length == 0);
            if (end < 0) end = file.Lines.Length;
            file.Blocks.Add(file.Block(at, end));
            file.places.Add((at, end));
            at = end;
        }

        return file;
    }

    /// <summary>Writes the file again with other expected rows; null leaves a block as it is.</summary>
    public void Fill(IReadOnlyList<string[]?> rows)
    {
        var text = new List<string>(Lines[..(places.Count == 0 ? Lines.Length : places[0].Start)]);
        for (var i = 0; i < Blocks.Count; i++)
        {
            var (start, end) = places[i];
            var body = Lines[start..end].TakeWhile(l => rows[i] is null || l != "----");
            text.AddRange(body);
            if (rows[i] is { } filled) text.AddRange(filled.Prepend("----"));
            var next = i + 1 < Blocks.Count ? places[i + 1].Start : Lines.Length;
            text.AddRange(Lines[end..next]);
        }

        File.WriteAllText(path, string.Join('\n', text).TrimEnd('\n') + "\n");
    }

    private SltBlock Block(int start, int end)
    {
        var head = Lines[start].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var divider = Array.IndexOf(Lines, "----", start, end - start);
        var sql = string.Join('\n', Lines[(start + 1)..(divider < 0 ? end : divider)]);
        var line = start + 1;
        switch (head)
        {
            case ["table", var name]:
                return new SltTable(line, name, sql);
            case ["query", "error", var error]:
                return new SltQuery(line, sql, Sorted: false, DuckDb: false, error, null);
            case ["query", .. var flags]:
                var rows = divider < 0 ? null : Lines[(divider + 1)..end];
                return new SltQuery(line, sql, flags.Contains("rowsort"), flags.Contains("duckdb"), null, rows);
            case ["statement", "error", var code, "at", var place]:
                var numbers = place.Split(':');
                return new SltRefusal(line, sql, code, int.Parse(numbers[0]), int.Parse(numbers[1]));
            default:
                throw new FormatException($"{path}:{line}: no block begins with '{Lines[start]}'");
        }
    }
}
