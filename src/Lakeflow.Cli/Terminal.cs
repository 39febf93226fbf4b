using System.Text;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli;

/// <summary>Where a command reads and writes. Tests hand in text writers; the rest of the tool never touches the console.</summary>
/// <param name="In">Answers to questions.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">Diagnostics and notes.</param>
/// <param name="Folder">The folder that the command was started in.</param>
/// <param name="Stop">Set by Ctrl-C.</param>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, string Folder, CancellationToken Stop)
{
    /// <summary>True if a person looks at <see cref="Out"/>: the live table is drawn and questions are asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>True if a person looks, at a terminal that only writes on (<c>TERM=dumb</c>): lines are read and written as they are.</summary>
    public bool IsPlain { get; init; }

    /// <summary>True unless <c>NO_COLOR</c> is set or nobody looks. https://no-color.org</summary>
    public bool UseColor { get; init; }

    /// <summary>True where box and check characters can be shown.</summary>
    public bool UseUnicode { get; init; }

    /// <summary>True with <c>--debug</c> or <c>LAKEFLOW_DEBUG</c>: stack traces are shown.</summary>
    public bool Debug { get; init; }

    /// <summary>Where Ctrl-C goes.</summary>
    public Interrupts Interrupts { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Columns of the window, for cutting long values.</summary>
    public int Width { get; init; } = 120;

    /// <summary>Opens what takes many rows in place of <see cref="Out"/>; its writes throw <see cref="Output.ClosedPipe"/> once nobody reads. Null: <see cref="Out"/> does.</summary>
    public Func<TextWriter>? OpenRows { get; init; }

    /// <summary>The console; null if the current folder was removed.</summary>
    public static Terminal? OfConsole(Interrupts interrupts)
    {
        string folder;
        try
        {
            folder = Directory.GetCurrentDirectory();
        }
        catch (IOException)
        {
            return null;
        }

        var isSeen = StandardStreams.HasInput && StandardStreams.HasOutput && !Console.IsOutputRedirected && !Console.IsInputRedirected;
        var isDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        var interactive = isSeen && !isDumb;
        return new(!StandardStreams.HasInput ? TextReader.Null : Console.IsInputRedirected ? new Utf8Lines(Console.OpenStandardInput()) : Console.In, new LastingWriter(StandardStreams.Out), new LastingWriter(StandardStreams.Error), folder, interrupts.Command)
        {
            Interrupts = interrupts,
            OpenRows = Output.StandardOutput.Open,
            IsInteractive = interactive,
            IsPlain = isSeen && isDumb,
            UseColor = interactive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            UseUnicode = Console.OutputEncoding is UTF8Encoding || Console.OutputEncoding.CodePage is 65001 or 1200,
            Debug = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LAKEFLOW_DEBUG")),
            // A terminal that does not know its size says 0.
            Width = !isSeen ? 120 : Console.WindowWidth is var columns and > 0 ? Math.Max(12, columns) : 80,
        };
    }

    /// <summary>Tells of mistakes and trouble.</summary>
    /// <param name="diagnostics">In this order.</param>
    /// <param name="sources">The texts that they point into.</param>
    public void Tell(IEnumerable<Diagnostic> diagnostics, IEnumerable<SourceText> sources) =>
        DiagnosticText.Write(Error, diagnostics, sources, UseColor, IsInteractive || IsPlain ? Width : int.MaxValue);

    /// <summary>Writes many rows.</summary>
    public void WriteRows(Action<TextWriter> write)
    {
        if (OpenRows is null)
        {
            write(Out);
            return;
        }

        using var rows = OpenRows();
        write(rows);
    }

    /// <summary>Asks a yes-or-no question. Without a person at the terminal the answer is no.</summary>
    public bool Confirm(string question)
    {
        if (!IsInteractive) return false;
        Error.Write(question + " [y/N] ");
        var answer = In.ReadLine();
        return answer is not null && answer.Trim().StartsWith("y", StringComparison.OrdinalIgnoreCase);
    }
}
