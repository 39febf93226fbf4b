using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files.Csv;

/// <summary>Finds the narrowest type that holds every sampled value of each column of a csv file.</summary>
internal sealed class CsvInference(CsvOptions options, TextFormats formats)
{
    private readonly CsvText text = new(options);
    private readonly Dictionary<string, DataType?> types = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> names = [];

    /// <summary>The columns, in order of their first appearance; a column without values is STRING.</summary>
    public IEnumerable<Field> Columns() => names.Select(n => new Field(n, types[n] ?? DataType.String));

    public void AddNames(CsvLayout layout)
    {
        foreach (var name in layout.Names)
        {
            if (types.TryAdd(name, null)) names.Add(name);
        }
    }

    /// <summary>Adds the records that begin in a stretch of a file.</summary>
    public void Add(FileEntry file, CsvLayout layout, Encoding encoding, long from, long to)
    {
        if (layout.Names.Length == 0) return;
        var inside = from > layout.DataStart;
        var start = inside ? from - (options.LineEnd?.Length ?? 1) : 0;
        using var window = new ByteWindow(TextInput.Open(file, encoding, start), 1 << 18);
        var tokenizer = new CsvTokenizer(options, layout.Names.Length, file.VisiblePath);
        if (inside)
        {
            if (!tokenizer.SkipLine(window)) return;
        }
        else
        {
            while (window.Offset + window.Start < layout.DataStart)
            {
                if (window.Start == window.End && !window.Fill()) return;
                window.Start += (int)Math.Min(window.End - window.Start, layout.DataStart - window.Offset - window.Start);
            }
        }

        var block = new CsvBlock(layout.Names.Length, 512);
        var merged = layout.Names.Select(n => types[n]).ToArray();
        while (tokenizer.Read(window, block, to))
        {
            for (var field = 0; field < merged.Length; field++)
            {
                if (merged[field] is not StringType) merged[field] = Merge(merged[field], block, field);
            }
        }

        for (var field = 0; field < merged.Length; field++) types[layout.Names[field]] = merged[field];
    }

    private DataType? Merge(DataType? type, CsvBlock block, int field)
    {
        for (var row = 0; row < block.Rows; row++)
        {
            var at = (row * block.Stride) + field;
            var start = block.Ends[at] + options.Separator.Length;
            var length = block.Ends[at + 1] - start;
            if (length <= 0) continue;
            var value = text.Clean(block.Buffer.AsSpan(start, length), out var isNull);
            if (isNull || (value.IsEmpty && type is not StringType)) continue;
            var one = IsWord(value) ? DataType.Double : TextType.Of(value, options.PreferDate, formats);
            type = type is null ? one : TextType.Common(type, one);
            if (type is StringType) break;
        }

        return type;
    }

    private bool IsWord(ReadOnlySpan<byte> value) =>
        value.SequenceEqual(options.NanValue) || value.SequenceEqual(options.PositiveInf) || value.SequenceEqual(options.NegativeInf);
}
