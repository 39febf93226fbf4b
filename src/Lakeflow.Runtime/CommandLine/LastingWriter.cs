using System.Text;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>An output that outlasts its end, as that of a file on a full disk: what cannot be written is left out, and told when the program ends.</summary>
/// <remarks>Events are written by the threads of flows: what happens to the output shall not stop an update between two commits.</remarks>
public sealed class LastingWriter : TextWriter
{
    private readonly TextWriter to;
    private IOException? failure;

    /// <param name="to">Where to write; from several threads if it can be.</param>
    public LastingWriter(TextWriter to)
    {
        this.to = to;
        CoreNewLine = to.NewLine.ToCharArray();
    }

    public override Encoding Encoding => to.Encoding;

    /// <summary>The program's end.</summary>
    /// <param name="exit">What it would return.</param>
    /// <param name="error">Takes LF0003 if something was left out.</param>
    /// <returns>The exit code.</returns>
    public int End(int exit, TextWriter error)
    {
        Flush();
        if (failure is null) return exit;
        error.WriteLine(ProgramErrors.OutputLost(failure));
        return exit == ExitCode.Done ? ExitCode.Environment : exit;
    }

    public override void Write(char value) => Try(() => to.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => to.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => to.Write(value));

    public override void WriteLine(string? value) => Try(() => to.WriteLine(value));

    public override void Flush() => Try(to.Flush);

    private void Try(Action write)
    {
        // Behind a hole in it the rest would only mislead.
        if (failure is not null) return;
        try
        {
            write();
        }
        catch (IOException e)
        {
            failure = e;
        }
    }
}
