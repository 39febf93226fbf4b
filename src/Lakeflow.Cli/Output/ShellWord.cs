namespace Lakeflow.Cli.Output;

/// <summary>A word of a command that somebody is to copy: in quotes where a shell would make more than one word of it.</summary>
internal static class ShellWord
{
    private const string Plain = "_-./\\:@%+=,~";

    public static string Of(string word) => word.All(c => char.IsLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)) && (OperatingSystem.IsWindows() || !word.Contains('\\', StringComparison.Ordinal)) ? word
        : OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
