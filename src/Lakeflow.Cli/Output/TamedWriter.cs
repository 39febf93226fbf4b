using System.Text;
using Lakeflow.Compiler.Diagnostics;

namespace Lakeflow.Cli.Output;

/// <summary>Writes text to a terminal with nothing in it that the terminal would obey, but for tabs and the ends of lines.</summary>
internal sealed class TamedWriter(TextWriter to) : TextWriter
{
    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => to.Write(value is '\n' or '\r' or '\t' ? value : ScreenText.Tame(value));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        foreach (var c in buffer) Write(c);
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Flush() => to.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing) to.Dispose();
        base.Dispose(disposing);
    }
}
