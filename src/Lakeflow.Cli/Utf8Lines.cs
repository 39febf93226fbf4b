using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli;

/// <summary>Lines of standard input as they come, each as UTF-8 or not at all: statements are not run on a guess at what their bytes mean.</summary>
/// <param name="from">The bytes; a byte order mark is skipped.</param>
internal sealed class Utf8Lines(Stream from) : TextReader
{
    private readonly byte[] buffer = new byte[4096];
    private int at;
    private int end;
    private int lines;

    /// <summary>The next line without its end, or null; reading blocks no longer than the line takes to come.</summary>
    /// <exception cref="CommandStop">LF1002: it is not UTF-8.</exception>
    public override string? ReadLine()
    {
        var line = new List<byte>();
        while (true)
        {
            if (at == end)
            {
                (at, end) = (0, from.Read(buffer));
                if (end == 0) return line.Count == 0 ? null : Text(line);
            }

            var rest = buffer.AsSpan(at, end - at);
            var length = rest.IndexOf((byte)'\n');
            line.AddRange(length < 0 ? rest : rest[..length]);
            at += length < 0 ? rest.Length : length + 1;
            if (length >= 0) return Text(line);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) from.Dispose();
        base.Dispose(disposing);
    }

    private string Text(List<byte> line)
    {
        lines++;
        var bag = new DiagnosticBag();
        var text = SourceText.Decode("standard input", line.ToArray(), bag);
        if (text is null or { IsGuessed: true }) throw new CommandStop(ExitCode.Usage, [.. bag.ToImmutable().Select(d => d with { At = d.At with { Line = lines, EndLine = lines } })]);
        return text.Text.EndsWith('\r') ? text.Text[..^1] : text.Text;
    }
}
