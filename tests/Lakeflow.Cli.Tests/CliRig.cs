using System.Text.RegularExpressions;
using Lakeflow.Cli;

namespace Lakeflow.Cli.Tests;

/// <summary>Runs the tool in this process, in a folder of its own, and gives back what it wrote, with what differs between runs replaced.</summary>
internal sealed partial class CliRig : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public (int Exit, string Out, string Error) Run(params string[] args) => RunWith("", args);

    /// <param name="input">Standard input.</param>
    /// <param name="args">The words of the command.</param>
    public (int Exit, string Out, string Error) RunWith(string input, params string[] args) => RunWith(new StringReader(input), args);

    /// <param name="input">Standard input.</param>
    /// <param name="args">The words of the command.</param>
    public (int Exit, string Out, string Error) RunWith(TextReader input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exit = CommandLine.Run(args, new Terminal(input, output, error, Folder, default) { UseUnicode = true });
        return (exit, Normal(output.ToString()), Normal(error.ToString()));
    }

    public void Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The text with what differs between runs replaced: folders, ids, times.</summary>
    public string Normal(string text)
    {
        text = text.Replace(Folder, "<folder>", StringComparison.Ordinal);
        text = Uuid().Replace(text, "<id>");
        text = Seconds().Replace(text, "<time>");
        return Clock().Replace(text, "<clock>");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\d+\.\d s\b")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\d\d:\d\d:\d\d(\.\d+)?")]
    private static partial Regex Clock();
}
