using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli;

/// <summary>A file of statements that the user names.</summary>
internal static class TextFile
{
    /// <param name="path">As the user wrote it.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="CommandStop">LF0061: there is none; LF1002: it is not UTF-8.</exception>
    public static string Read(string path, string folder)
    {
        var full = Path.GetFullPath(path, folder);
        if (Directory.Exists(full)) throw new CommandStop(ExitCode.Usage, ToolErrors.UnusableFile($"{path} is a folder, and no file."));
        if (!File.Exists(full)) throw new CommandStop(ExitCode.Usage, ToolErrors.UnusableFile($"There is no file {path}."));
        var bag = new DiagnosticBag();
        // What the text of another encoding may have been is good for finding mistakes; statements are not run on a guess.
        return SourceText.Load(full, path, bag) is { IsGuessed: false } text ? text.Text : throw new CommandStop(ExitCode.Usage, bag.ToImmutable());
    }
}
