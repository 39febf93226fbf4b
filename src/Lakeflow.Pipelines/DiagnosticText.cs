using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>Writes diagnostics for people, in the one text form, with colours where they are wanted.</summary>
public static class DiagnosticText
{
    /// <param name="to">Where to write.</param>
    /// <param name="diagnostics">What to write, in this order.</param>
    /// <param name="sources">The texts that spans point into.</param>
    /// <param name="color">Whether ANSI colours are wanted.</param>
    /// <param name="columns">Columns of the window, where there is one.</param>
    public static void Write(TextWriter to, IEnumerable<Diagnostic> diagnostics, IEnumerable<SourceText> sources, bool color, int columns = int.MaxValue)
    {
        var formatter = new DiagnosticFormatter(sources, columns: columns);
        foreach (var diagnostic in diagnostics)
        {
            var text = formatter.Format(diagnostic);
            to.Write(color ? Paint(text, diagnostic) : text);
        }
    }

    /// <summary>Colours the severity and the code, which is where the eye begins.</summary>
    private static string Paint(string text, Diagnostic diagnostic)
    {
        var word = $"{diagnostic.Severity.ToString().ToLowerInvariant()} {diagnostic.Code}";
        var at = text.IndexOf(word, StringComparison.Ordinal);
        if (at < 0) return text;
        var color = diagnostic.Severity switch { Severity.Error => "31", Severity.Warning => "33", _ => "36" };
        return $"{text[..at]}\u001b[{color}m{word}\u001b[0m{text[(at + word.Length)..]}";
    }
}
