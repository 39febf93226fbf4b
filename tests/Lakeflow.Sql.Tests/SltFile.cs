using Lakeflow.Pipelines.Testing;

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
    private readonly BlockFile text;

    private SltFile(BlockFile text)
    {
        this.text = text;
        Blocks = [.. text.Blocks.Select(Block)];
    }

    /// <summary>What the file is about: its first line.</summary>
    public string Name => text.Name;

    public List<SltBlock> Blocks { get; }

    public static SltFile Read(string path) => new(BlockFile.Read(path));

    /// <summary>Writes the file again with other expected rows; null leaves a block as it is.</summary>
    public void Fill(IReadOnlyList<string[]?> rows) => text.Fill(rows);

    private SltBlock Block(Block block)
    {
        switch (block.Head)
        {
            case ["table", var name]:
                return new SltTable(block.Line, name, block.Text);
            case ["query", "error", var error]:
                return new SltQuery(block.Line, block.Text, Sorted: false, DuckDb: false, error, null);
            case ["query", .. var flags]:
                return new SltQuery(block.Line, block.Text, flags.Contains("rowsort"), flags.Contains("duckdb"), null, block.Expected);
            case ["statement", "error", var code, "at", var place]:
                var numbers = place.Split(':');
                return new SltRefusal(block.Line, block.Text, code, int.Parse(numbers[0]), int.Parse(numbers[1]));
            default:
                throw new FormatException($"{text.Path}:{block.Line}: no block begins with '{string.Join(' ', block.Head)}'");
        }
    }
}
