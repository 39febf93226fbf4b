using System.Diagnostics;
using System.Text;

namespace Lakeflow.Sdk;

/// <summary>A process that compiles parts: it is started before it is known which, and gets itself ready while the SQL is compiled.</summary>
/// <remarks>Its input is <see cref="PartCompiler"/>'s. If nothing has to be compiled its input ends without a line, and so does it.</remarks>
internal sealed class PartWorker : IDisposable
{
    private readonly Process process;
    private readonly List<string> said = [];
    private bool isDisposed;

    private PartWorker(Process process)
    {
        this.process = process;
        // Both are read at once: a pipe that nobody reads stops who writes it.
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <param name="dotnet">The host that runs the build.</param>
    /// <param name="compilerFolder">The folder of the SDK's C# compiler.</param>
    /// <param name="folder">Where the C# and its lists are.</param>
    /// <param name="shared">Options and references, as the C# compiler's command line has them.</param>
    public static PartWorker Start(string dotnet, string compilerFolder, string folder, IEnumerable<string> shared)
    {
        var start = new ProcessStartInfo(dotnet)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var word in (string[])["exec", typeof(PartWorker).Assembly.Location, compilerFolder, folder]) start.ArgumentList.Add(word);
        var worker = new PartWorker(Process.Start(start)!);
        foreach (var line in shared) worker.process.StandardInput.WriteLine(line);
        worker.process.StandardInput.WriteLine();
        worker.process.StandardInput.Flush();
        return worker;
    }

    /// <summary>Compiles parts and ends.</summary>
    /// <param name="parts">Each with its assembly's path and those of its files.</param>
    /// <returns>The exit code, 0 if all were written, and the compiler's lines.</returns>
    public (int Exit, IReadOnlyList<string> Said) Compile(IEnumerable<(string Assembly, string[] Files)> parts)
    {
        foreach (var (assembly, files) in parts)
        {
            foreach (var line in (string[])[assembly, .. files, ""]) process.StandardInput.WriteLine(line);
        }

        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    /// <summary>Ends it if it has not been given work: it has written nothing then.</summary>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (said)
        {
            if (line is not null) said.Add(line);
        }
    }
}
