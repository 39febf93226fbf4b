using System.Collections.Immutable;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files.Csv;

/// <summary>What the top of a csv file tells: its columns' names and where its records begin.</summary>
/// <param name="Names">Of the header; without one <c>_c0</c>, <c>_c1</c>, … for the first record's fields.</param>
/// <param name="DataStart">Byte of the first record.</param>
/// <param name="DataLine">1-based line of the first record.</param>
internal sealed record CsvLayout(ImmutableArray<string> Names, long DataStart, int DataLine)
{
    /// <summary>Reads the top of a file.</summary>
    public static CsvLayout Read(FileEntry file, CsvOptions options, Encoding encoding)
    {
        // Most files are narrow; a wide one is looked at again with all the room that maxColumns allows.
        return TryRead(file, options, encoding, 256) ?? TryRead(file, options, encoding, (int)Math.Min(options.MaxColumns, 1 << 20))
            ?? throw FileErrors.TooManyColumns($"{file.VisiblePath}:1", options.MaxColumns);
    }

    /// <summary>The names of a header as columns: an empty one becomes <c>_c</c> and its place, one that occurs twice gets its place behind it, as in Spark.</summary>
    public static ImmutableArray<string> Named(IReadOnlyList<string> header)
    {
        var twice = header.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. header.Select((n, i) => n.Length == 0 ? $"_c{i}" : twice.Contains(n) ? $"{n}{i}" : n)];
    }

    /// <summary>The place among the file's fields of each of some columns; -1 where the file has none.</summary>
    /// <param name="columns">The table's columns that files hold.</param>
    /// <param name="options">The scan's options.</param>
    /// <param name="inferred">True if the columns come from headers themselves.</param>
    /// <param name="unknown">Fields that no column takes, by name; empty where columns go by position.</param>
    /// <param name="fields">Fields that a record should have.</param>
    public int[] Map(ImmutableArray<Field> columns, CsvOptions options, bool inferred, out List<(string Name, int Field)> unknown, out int fields)
    {
        unknown = [];
        var byName = options.Header && (options.EnforceSchema is { } enforce
            ? !enforce
            : inferred || columns.Any(c => Names.Contains(c.Name, StringComparer.OrdinalIgnoreCase)));
        if (!byName)
        {
            fields = columns.Length;
            return [.. Enumerable.Range(0, columns.Length)];
        }

        fields = Names.Length;
        var map = new int[columns.Length];
        var taken = new bool[Names.Length];
        for (var c = 0; c < columns.Length; c++)
        {
            map[c] = Names.IndexOf(columns[c].Name);
            if (map[c] < 0) map[c] = Names.IndexOf(columns[c].Name, 0, Names.Length, StringComparer.OrdinalIgnoreCase);
            if (map[c] >= 0) taken[map[c]] = true;
        }

        for (var f = 0; f < Names.Length; f++)
        {
            if (!taken[f]) unknown.Add((Names[f], f));
        }

        return map;
    }

    private static CsvLayout? TryRead(FileEntry file, CsvOptions options, Encoding encoding, int room)
    {
        using var window = new ByteWindow(TextInput.Open(file, encoding, 0), 1 << 14);
        var tokenizer = new CsvTokenizer(options, room, file.VisiblePath);
        for (var i = 0L; i < options.SkipRows; i++)
        {
            if (!tokenizer.SkipLine(window)) break;
        }

        var (start, line) = (window.Offset + window.Start, tokenizer.Line);
        var block = new CsvBlock(room, 1);
        if (!tokenizer.Read(window, block, long.MaxValue)) return new CsvLayout([], window.Offset + window.Start, tokenizer.Line);
        var count = block.FieldCounts[0];
        if (count > room) return null;
        if (!options.Header) return new CsvLayout([.. Enumerable.Range(0, count).Select(i => $"_c{i}")], start, line);
        return new CsvLayout(Named(Texts(block, options, count)), window.Offset + window.Start, tokenizer.Line);
    }

    private static string[] Texts(CsvBlock block, CsvOptions options, int count)
    {
        var text = new CsvText(options);
        var names = new string[count];
        for (var f = 0; f < count; f++)
        {
            var start = block.Ends[f] + options.Separator.Length;
            var raw = block.Buffer.AsSpan(start, block.Ends[f + 1] - start);
            names[f] = raw.IsEmpty ? "" : Encoding.UTF8.GetString(text.Clean(raw, out _));
        }

        return names;
    }
}
