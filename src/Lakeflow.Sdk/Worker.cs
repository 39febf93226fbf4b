using System.Diagnostics;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Lakeflow.Sdk;

/// <summary>The process that works for a task: this assembly as a program, see <see cref="Program"/>.</summary>
/// <remarks>
/// MSBuild's own process watches what it runs in order to compile it once more, better; a build is over before that pays. A process of ours is set
/// up for seconds, and while it compiles SQL it gets the C# compiler ready. One that is not needed any more has nothing half written.
/// </remarks>
internal sealed class Worker : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder complaints = new();
    private bool isDisposed;

    private Worker(Process process)
    {
        this.process = process;
        // A pipe that nobody reads stops who writes it.
        process.ErrorDataReceived += (_, e) => complaints.AppendLine(e.Data);
        process.BeginErrorReadLine();
    }

    /// <param name="dotnet">The host that runs the build.</param>
    /// <param name="compilerFolder">The folder of the SDK's C# compiler.</param>
    /// <param name="forParts">True for work that keeps all processors busy for long.</param>
    public static Worker Start(string dotnet, string compilerFolder, bool forParts)
    {
        var start = new ProcessStartInfo(dotnet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["DOTNET_gcServer"] = forParts ? "1" : "0";
        // Much is allocated in a few seconds, and most of it is kept until the part is written: a young generation of 256 MB is collected a third as often.
        start.Environment["DOTNET_GCgen0size"] = "10000000";
        foreach (var word in (string[])["exec", typeof(Worker).Assembly.Location, compilerFolder]) start.ArgumentList.Add(word);
        return new Worker(Process.Start(start)!);
    }

    /// <summary>Hands over a request, and does not wait for an answer.</summary>
    /// <param name="verb">What to do.</param>
    /// <param name="lines">To what; none is empty.</param>
    public void Ask(string verb, IEnumerable<string> lines)
    {
        process.StandardInput.WriteLine(verb);
        foreach (var line in lines) process.StandardInput.WriteLine(line);
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
    }

    /// <summary>Logs what is said to the last request.</summary>
    public void Listen(TaskLoggingHelper log, Predicate<string>? isError = null)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == Finding.End) return;
            var found = Finding.Parse(line);
            Tell(log, found.Kind == Finding.Warning && isError?.Invoke(found.Code) == true ? found with { Kind = Finding.Error } : found);
        }

        process.WaitForExit();
        log.LogError(null, "LF0001", null, null, 0, 0, 0, 0, "This is a bug in Lakeflow: its compiler ended with {0}. {1}", process.ExitCode, complaints);
    }

    /// <summary>Ends it. What it was asked for and has not said to be done may be half done.</summary>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private static void Tell(TaskLoggingHelper log, Finding found)
    {
        switch (found.Kind)
        {
            case Finding.Error:
                log.LogError(null, found.Code, null, found.File, found.Line, found.Column, found.EndLine, found.EndColumn, "{0}", found.Text);
                break;
            case Finding.Warning:
                log.LogWarning(null, found.Code, null, found.File, found.Line, found.Column, found.EndLine, found.EndColumn, "{0}", found.Text);
                break;
            case Finding.News:
                log.LogMessage(MessageImportance.High, "{0}", found.Text);
                break;
            default:
                log.LogMessage(null, found.Code, null, found.File, found.Line, found.Column, found.EndLine, found.EndColumn, MessageImportance.Low, "{0}", found.Text);
                break;
        }
    }
}
