using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lakeflow.Connect.Files.Csv;

/// <summary>Finds records and fields in a window of UTF-8 text: 64 bytes a step give a mask of separators and line ends.</summary>
/// <remarks>
/// Quotes are looked at only where a field begins, as the format has it; inside a quoted field the search jumps from quote
/// to quote. Without multiLine a line end ends the record even inside quotes, as Spark does, so that a file may be cut at lines.
/// </remarks>
internal sealed class CsvTokenizer(CsvOptions options, int fields, string file)
{
    private const int Incomplete = -1;

    private readonly byte[] separator = options.Separator;
    private readonly byte[]? lineEnd = options.LineEnd;
    private readonly int quote = options.Quote;
    private readonly int escape = options.Escape;

    // The bytes that a line end may begin with.
    private readonly byte end1 = options.LineEnd is { } e ? e[0] : (byte)'\n';
    private readonly byte end2 = options.LineEnd is { } e ? e[0] : (byte)'\r';

    // What matters inside a quoted field.
    private readonly SearchValues<byte> quotedStops = SearchValues.Create(QuotedStops(options));

    /// <summary>1-based line at the window's start.</summary>
    public int Line { get; set; } = 1;

    /// <summary>Reads records that begin before <paramref name="limit"/> (in the file) into a block.</summary>
    /// <returns>False if there are no more.</returns>
    public bool Read(ByteWindow window, CsvBlock block, long limit)
    {
        block.Rows = 0;
        block.Misshapen = 0;
        while (true)
        {
            Scan(window, block, limit);
            if (block.Rows > 0) return true;
            if (window.Offset + window.Start >= limit) return false;
            if (!window.Fill() && window.Start == window.End) return false;
        }
    }

    /// <summary>Consumes one line, of whatever content; false at the end of the file.</summary>
    public bool SkipLine(ByteWindow window)
    {
        var searched = 0;
        while (true)
        {
            var unread = window.Unread.Length;
            for (; searched < unread; searched++)
            {
                var length = LineEndAt(window.Buffer, window.Start + searched, window.End, window.AtEnd);
                if (length == Incomplete) break;
                if (length == 0) continue;
                window.Start += searched + length;
                Line++;
                return true;
            }

            if (window.Fill() || searched < window.Unread.Length) continue;
            window.Start = window.End;
            return unread > 0;
        }
    }

    private void Scan(ByteWindow window, CsvBlock block, long limit)
    {
        var buffer = window.Buffer;
        var position = window.Start;
        block.Buffer = buffer;
        while (block.Rows < block.Limit && window.Offset + position < limit)
        {
            var next = SkipEmpty(window, position);
            if (next != position)
            {
                if (next == Incomplete) break;
                position = next;
                window.Start = position;
                continue;
            }

            if (position >= window.End) break;
            var line = Line;
            next = Record(window, block, position);
            if (next == Incomplete)
            {
                Line = line;
                break;
            }

            position = next;
            window.Start = position;
        }
    }

    /// <summary>The position behind a blank or a comment line; the same position if there is a record.</summary>
    private int SkipEmpty(ByteWindow window, int position)
    {
        var buffer = window.Buffer;
        if (position >= window.End) return position;
        var first = buffer[position];
        if (first > ' ' && first != options.Comment) return position;
        var rest = buffer.AsSpan(position, window.End - position);
        if (first == options.Comment)
        {
            for (var i = 0; i < rest.Length; i++)
            {
                var length = LineEndAt(buffer, position + i, window.End, window.AtEnd);
                if (length == Incomplete) return Incomplete;
                if (length == 0) continue;
                Line++;
                return position + i + length;
            }

            return window.AtEnd ? window.End : Incomplete;
        }

        // A line of blanks alone is no record, unless blanks separate fields.
        for (var i = 0; i < rest.Length; i++)
        {
            var length = LineEndAt(buffer, position + i, window.End, window.AtEnd);
            if (length == Incomplete) return Incomplete;
            if (length > 0)
            {
                Line++;
                return position + i + length;
            }

            if (rest[i] > ' ' || rest[i] == separator[0]) return position;
        }

        return window.AtEnd ? window.End : Incomplete;
    }

    /// <summary>Reads one record into the block; the position behind it, or <see cref="Incomplete"/>.</summary>
    private int Record(ByteWindow window, CsvBlock block, int start)
    {
        var buffer = window.Buffer;
        var end = window.End;
        ref var bytes = ref MemoryMarshal.GetArrayDataReference(buffer);
        ref var ends = ref block.Ends[block.Rows * block.Stride];
        var sepLength = separator.Length;
        var sep = separator[0];
        var column = 0;
        var line = Line;
        ends = start - sepLength;
        var at = start;
        if (buffer[start] == quote)
        {
            at = QuotedEnd(window, start);
            if (at < 0) return Incomplete;
        }

        while (at < end)
        {
            var mask = Mask(ref Unsafe.Add(ref bytes, at), sep, end1, end2);
            if (end - at < 64) mask &= (1UL << (end - at)) - 1;
            var jumped = false;
            while (mask != 0)
            {
                var found = at + BitOperations.TrailingZeroCount(mask);
                mask &= mask - 1;
                if (Unsafe.Add(ref bytes, found) == sep && (sepLength == 1 || SeparatorAt(buffer, found, end)))
                {
                    if (column < fields) Unsafe.Add(ref ends, column + 1) = found;
                    column++;
                    var next = found + sepLength;
                    if (Unsafe.Add(ref bytes, next) == quote && next < end)
                    {
                        at = QuotedEnd(window, next);
                        if (at < 0) return Incomplete;
                        jumped = true;
                        break;
                    }

                    if (sepLength > 1)
                    {
                        at = next;
                        jumped = true;
                        break;
                    }

                    continue;
                }

                var length = LineEndAt(buffer, found, end, window.AtEnd);
                if (length == 0) continue;
                if (length == Incomplete) return Incomplete;
                Finish(block, ref ends, start, found, column, line);
                Line++;
                return found + length;
            }

            if (!jumped) at += 64;
        }

        if (!window.AtEnd) return Incomplete;
        Finish(block, ref ends, start, end, column, line);
        return end;
    }

    private void Finish(CsvBlock block, ref int ends, int start, int end, int column, int line)
    {
        var row = block.Rows++;
        if (column < fields) Unsafe.Add(ref ends, column + 1) = end;
        column++;
        block.RowStarts[row] = start;
        block.RowEnds[row] = end;
        block.FieldCounts[row] = column;
        block.Lines[row] = line;
        if (column == fields) return;
        if (column > options.MaxColumns) throw FileErrors.TooManyColumns($"{file}:{line}", options.MaxColumns);
        block.Misshapen++;
        for (; column < fields; column++) Unsafe.Add(ref ends, column + 1) = Unsafe.Add(ref ends, column);
    }

    /// <summary>
    /// Where the search goes on after a field that begins with a quote: behind its closing quote, or at the line end that cuts it.
    /// What stands between a closing quote and the next separator belongs to the field.
    /// </summary>
    private int QuotedEnd(ByteWindow window, int start)
    {
        var buffer = window.Buffer;
        var end = window.End;
        var at = start + 1;
        while (at < end)
        {
            var rest = buffer.AsSpan(at, end - at);
            var found = rest.IndexOfAny(quotedStops);
            if (found < 0) break;
            at += found;
            var b = buffer[at];
            if (b == quote && at + 1 == end && !window.AtEnd) return Incomplete;
            if (b == quote)
            {
                if (at + 1 >= end || buffer[at + 1] != quote)
                {
                    if (options.MultiLine) CountLines(buffer.AsSpan(start, at - start));
                    return at + 1;
                }

                at += 2;
            }
            else if (b == escape)
            {
                if (at + 1 == end && !window.AtEnd) return Incomplete;
                at += at + 1 < end && (buffer[at + 1] == quote || buffer[at + 1] == escape) ? 2 : 1;
            }
            else
            {
                // Not multiLine: the line ends here, the quote was never closed.
                var length = LineEndAt(buffer, at, end, window.AtEnd);
                if (length == Incomplete) return Incomplete;
                if (length > 0) return at;
                at++;
            }
        }

        if (!window.AtEnd) return Incomplete;
        if (options.MultiLine) CountLines(buffer.AsSpan(start, end - start));
        return end;
    }

    private static byte[] QuotedStops(CsvOptions options)
    {
        var quote = (byte)Math.Max(options.Quote, 0);
        var escape = options.Escape < 0 ? quote : (byte)options.Escape;
        return options.MultiLine ? [quote, escape] : [quote, escape, .. options.LineEnd ?? [(byte)'\n', (byte)'\r']];
    }

    private void CountLines(ReadOnlySpan<byte> text) => Line += LineIndex.CountEnds(text, lineEnd);

    /// <summary>Length of the line end at a position, 0 if there is none, <see cref="Incomplete"/> if more bytes must tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int LineEndAt(byte[] buffer, int at, int end, bool atEnd)
    {
        var b = buffer[at];
        if (lineEnd is not null) return b == end1 ? CustomEndAt(buffer, at, end, atEnd) : 0;
        if (b == '\n') return 1;
        if (b != '\r') return 0;
        if (at + 1 >= end) return atEnd ? 1 : Incomplete;
        return buffer[at + 1] == '\n' ? 2 : 1;
    }

    private int CustomEndAt(byte[] buffer, int at, int end, bool atEnd)
    {
        var rest = buffer.AsSpan(at, end - at);
        if (rest.StartsWith(lineEnd)) return lineEnd!.Length;
        return !atEnd && lineEnd.AsSpan().StartsWith(rest) ? Incomplete : 0;
    }

    private bool SeparatorAt(byte[] buffer, int at, int end) => buffer.AsSpan(at, end - at).StartsWith(separator);

    /// <summary>One bit for each of 64 bytes that is one of three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(ref byte from, byte a, byte b, byte c)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var x = Vector512.LoadUnsafe(ref from);
            return (Vector512.Equals(x, Vector512.Create(a)) | Vector512.Equals(x, Vector512.Create(b)) | Vector512.Equals(x, Vector512.Create(c))).ExtractMostSignificantBits();
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return Mask256(ref from, a, b, c) | ((ulong)Mask256(ref Unsafe.Add(ref from, 32), a, b, c) << 32);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            return Mask128(ref from, a, b, c)
                | ((ulong)Mask128(ref Unsafe.Add(ref from, 16), a, b, c) << 16)
                | ((ulong)Mask128(ref Unsafe.Add(ref from, 32), a, b, c) << 32)
                | ((ulong)Mask128(ref Unsafe.Add(ref from, 48), a, b, c) << 48);
        }

        var mask = 0UL;
        for (var i = 0; i < 64; i++)
        {
            var x = Unsafe.Add(ref from, i);
            if (x == a || x == b || x == c) mask |= 1UL << i;
        }

        return mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mask256(ref byte from, byte a, byte b, byte c)
    {
        var x = Vector256.LoadUnsafe(ref from);
        return (Vector256.Equals(x, Vector256.Create(a)) | Vector256.Equals(x, Vector256.Create(b)) | Vector256.Equals(x, Vector256.Create(c))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mask128(ref byte from, byte a, byte b, byte c)
    {
        var x = Vector128.LoadUnsafe(ref from);
        return (Vector128.Equals(x, Vector128.Create(a)) | Vector128.Equals(x, Vector128.Create(b)) | Vector128.Equals(x, Vector128.Create(c))).ExtractMostSignificantBits();
    }
}
