namespace Lakeflow.Connect.Files.Json;

/// <summary>One record's text, or the news that it is none.</summary>
internal ref struct JsonRecord
{
    /// <summary>The object's text; of a broken record, all that is left of it.</summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>1-based line on which it begins.</summary>
    public int Line;

    /// <summary>What is wrong, or null.</summary>
    public string? Error;
}

/// <summary>Cuts a window into records: lines, or the documents and array elements of a whole file.</summary>
internal abstract class JsonRecords
{
    /// <summary>The next record; valid until the next call.</summary>
    public abstract bool TryRead(out JsonRecord record);

    /// <summary>1-based line of what comes next.</summary>
    public abstract int Line { get; set; }
}

/// <summary>JSON lines. A line may hold an array of records, as in Spark.</summary>
internal sealed class JsonLines(ByteWindow window, long limit, JsonOptions options) : JsonRecords
{
    private readonly LineReader lines = new(options.LineEnd);

    // Elements of an array line that are still to come: where in the window it stands, and how far it is read.
    private (int Start, int Length, int Position) array;

    public override int Line
    {
        get => lines.Line;
        set => lines.Line = value;
    }

    public bool SkipPartial() => lines.SkipPartial(window);

    public override bool TryRead(out JsonRecord record)
    {
        record = default;
        if (array.Length > 0) return Element(ref record);
        while (lines.TryRead(window, limit, out var line))
        {
            record.Line = lines.Line - 1;
            var first = FirstOf(line);
            if (first == 0) continue;
            record.Text = line;
            if (first != '[') return true;
            var scanner = new JsonScanner(line, options);
            if (!scanner.TrySkip(out _, out var start) || scanner.Peek() != 0 || scanner.Position < line.Length)
            {
                record.Error = scanner.Error ?? "text follows the array";
                return true;
            }

            array = (OffsetOf(line), line.Length, start + 1);
            if (Element(ref record)) return true;
        }

        return false;
    }

    private static byte FirstOf(ReadOnlySpan<byte> line)
    {
        if (line.Length > 0 && line[0] > ' ') return line[0];
        var at = line.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? (byte)0 : line[at];
    }

    private int OffsetOf(ReadOnlySpan<byte> line)
    {
        ref var first = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(line);
        ref var origin = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(window.Buffer);
        return (int)System.Runtime.CompilerServices.Unsafe.ByteOffset(ref origin, ref first);
    }

    /// <summary>The next element of an array that was found whole.</summary>
    private bool Element(ref JsonRecord record)
    {
        var line = window.Buffer.AsSpan(array.Start, array.Length);
        var scanner = new JsonScanner(line, options) { Position = array.Position };
        record.Line = lines.Line - 1;
        if (scanner.Peek() == ']' || !scanner.TrySkip(out _, out var start))
        {
            array = default;
            return false;
        }

        record.Text = line[start..scanner.Position];
        array.Position = scanner.Position;
        if (!scanner.TryNext((byte)']', out _)) array = default;
        else array.Position = scanner.Position;
        return true;
    }
}

/// <summary>A whole file: one document, an array of records, or documents with blanks between them.</summary>
internal sealed class JsonDocuments(ByteWindow window, JsonOptions options) : JsonRecords
{
    private bool inArray;
    private bool ended;
    private bool any;

    public override int Line { get; set; } = 1;

    public override bool TryRead(out JsonRecord record)
    {
        record = default;
        while (!ended)
        {
            var text = window.Unread;
            var scanner = new JsonScanner(text, options);
            var first = scanner.Peek();
            if (first == 0 && scanner.Error is null)
            {
                if (window.Fill()) continue;
                ended = true;
                if (inArray) return Broken(ref record, "the text ends in an array");
                return false;
            }

            if (first == '[' && !inArray)
            {
                if (Glued(scanner.Position)) return Broken(ref record, "text follows the value");
                scanner.Position++;
                if (scanner.Peek() == 0 && scanner.Error is null && window.Fill()) continue;
                inArray = true;
                any = true;
                if (scanner.Peek() != ']')
                {
                    Consume(scanner.Position);
                    continue;
                }

                scanner.Position++;
                inArray = false;
                Consume(scanner.Position);
                continue;
            }

            if (!inArray && Glued(scanner.Position)) return Broken(ref record, "text follows the value");
            var good = scanner.TrySkip(out var kind, out var start);
            var end = scanner.Position;
            var closed = false;
            if (good && inArray) good = scanner.TryNext((byte)']', out closed) || closed;
            var cut = !window.AtEnd && (scanner.WantsMore || (good && !inArray && end == text.Length && kind is not (JsonKind.Object or JsonKind.Array)));
            if (cut)
            {
                window.Fill();
                continue;
            }

            record.Line = Line + LineIndex.CountEnds(text[..start], null);
            if (!good) return Broken(ref record, scanner.Error ?? "a value is expected");
            record.Text = text[start..end];
            if (closed) inArray = false;
            any = true;
            Consume(scanner.Position);
            return true;
        }

        return false;
    }

    /// <summary>True if a value begins without a blank after the one before it.</summary>
    private bool Glued(int blanks) => any && blanks == 0;

    private bool Broken(ref JsonRecord record, string error)
    {
        // Where the structure is lost nothing behind it can be told apart: the rest of the file is one broken record.
        ended = true;
        while (window.Unread.Length < 1 << 16 && window.Fill())
        {
            // Enough for the message and the corrupt record's column.
        }

        record.Line = record.Line == 0 ? Line : record.Line;
        record.Text = window.Unread;
        record.Error = error;
        return true;
    }

    private void Consume(int bytes)
    {
        Line += LineIndex.CountEnds(window.Unread[..bytes], null);
        window.Start += bytes;
    }
}
