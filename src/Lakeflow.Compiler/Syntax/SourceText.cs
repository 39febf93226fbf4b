using System.Text;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>The text of one file, with its line table.</summary>
/// <remarks>Lines end at LF, CRLF or a lone CR, as editors count them. Offsets are in UTF-16 units.</remarks>
public sealed class SourceText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int[] lineStarts;

    /// <param name="file">Path as the user knows it, relative to the project; empty for text typed at a prompt.</param>
    /// <param name="text">The whole text, without a byte order mark.</param>
    public SourceText(string file, string text)
    {
        File = file;
        Text = text;
        lineStarts = FindLines(text);
    }

    public string File { get; }

    public string Text { get; }

    /// <summary>True for the text of a file that is not UTF-8: good for finding mistakes, and for nothing else.</summary>
    public bool IsGuessed { get; private init; }

    public int LineCount => lineStarts.Length;

    /// <summary>Whether the file is an exported notebook, by its first line.</summary>
    public bool IsNotebook => Text.StartsWith(NotebookHeader, StringComparison.Ordinal);

    internal const string NotebookHeader = "-- Databricks notebook source";

    /// <summary>Reads a file as UTF-8; with LF1002 in the bag where its bytes are none.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="displayName">The path as the user knows it, for messages.</param>
    /// <param name="bag">Where LF1002 goes.</param>
    /// <returns>Behind an LF1002 the text as it was probably meant (<see cref="IsGuessed"/>), so that one build tells other mistakes too; null for what is no text.</returns>
    public static SourceText? Load(string path, string displayName, DiagnosticBag bag) => Decode(displayName, System.IO.File.ReadAllBytes(path), bag);

    /// <summary>As <see cref="Load"/>, from bytes.</summary>
    public static SourceText? Decode(string file, ReadOnlySpan<byte> bytes, DiagnosticBag bag)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        try
        {
            return new SourceText(file, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException broken)
        {
            var before = bytes[..Math.Clamp(broken.Index, 0, bytes.Length)];
            var line = 1 + before.Count((byte)'\n');
            var column = 1 + Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]);
            bag.Add(Diagnostics.SyntaxErrors.NotUtf8(new SourceSpan(file, line, column, line, column), bytes.Contains((byte)0)));
            return Guess(file, bytes);
        }
    }

    /// <summary>The text as it was probably meant; null for what is none.</summary>
    private static SourceText? Guess(string file, ReadOnlySpan<byte> bytes)
    {
        var text = bytes switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes[2..]),
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes[2..]),
            _ when bytes.Contains((byte)0) => null,
            _ => Encoding.Latin1.GetString(bytes),
        };
        return text is null ? null : new SourceText(file, text) { IsGuessed = true };
    }

    /// <summary>The span of the characters from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public SourceSpan Span(int start, int end)
    {
        var (line, column) = Position(start);
        var (endLine, endColumn) = Position(Math.Max(start, end));
        return new SourceSpan(File, line, column, endLine, endColumn);
    }

    /// <summary>1-based line and column of an offset.</summary>
    public (int Line, int Column) Position(int offset)
    {
        var line = LineOf(offset);
        return (line + 1, offset - lineStarts[line] + 1);
    }

    /// <summary>The offset of a 1-based line and column.</summary>
    public int Offset(int line, int column) => Math.Min(lineStarts[line - 1] + column - 1, Text.Length);

    /// <summary>The text of a 1-based line, without its end.</summary>
    public string Line(int line)
    {
        var start = lineStarts[line - 1];
        var end = line < lineStarts.Length ? lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }

    /// <summary>The text of a span of this file.</summary>
    public string Slice(SourceSpan span) => Text[Offset(span.Line, span.Column)..Offset(span.EndLine, span.EndColumn)];

    private int LineOf(int offset)
    {
        var found = Array.BinarySearch(lineStarts, Math.Clamp(offset, 0, Text.Length));
        return found >= 0 ? found : ~found - 1;
    }

    private static int[] FindLines(string text)
    {
        var starts = new List<int> { 0 };
        for (var at = 0; ;)
        {
            var next = text.AsSpan(at).IndexOfAny('\n', '\r');
            if (next < 0) return [.. starts];
            at += next + 1;
            if (text[at - 1] == '\r' && at < text.Length && text[at] == '\n') at++;
            starts.Add(at);
        }
    }
}
