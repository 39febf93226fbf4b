using System.Text;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Replaces <c>${name}</c> in the text of statements, from the file's own SETs first, then from the configuration.</summary>
/// <remarks>A value may hold <c>${…}</c> itself. Source: Spark's variable substitution, but an unknown name is an error here.</remarks>
internal sealed class Substitution(SourceText source, ParseOptions options, DiagnosticBag bag)
{
    /// <summary>Values may refer to values this often; more is taken for a circle.</summary>
    private const int MostRounds = 20;

    private static readonly string[] Prefixes = ["spark:", "sparkconf:", "hiveconf:", "hivevar:"];

    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);

    public void Set(string key, string value) => settings[key] = value;

    public StatementText Apply(ScriptCutter.Piece piece)
    {
        if (piece.Variables.IsEmpty) return new StatementText(source, piece.Start, piece.End);

        var text = new StringBuilder();
        var replaced = ImmutableArray.CreateBuilder<StatementText.Replacement>();
        var (copied, unknown) = (piece.Start, false);
        foreach (var (start, end) in piece.Variables)
        {
            text.Append(source.Text, copied, start - copied);
            copied = end;
            var value = Value(source.Text[(start + 2)..(end - 1)], source.Span(start, end), MostRounds);

            // A placeholder keeps the rest of the statement readable: the dataset it declares is known to others.
            unknown |= value is null;
            value ??= "unknown";
            replaced.Add(new StatementText.Replacement(text.Length, value.Length, start, end));
            text.Append(value);
        }

        text.Append(source.Text, copied, piece.End - copied);
        return new StatementText(source, piece.Start, text.ToString(), replaced.ToImmutable()) { HasUnknownName = unknown };
    }

    private string? Value(string written, SourceSpan at, int rounds)
    {
        var name = written.Trim();
        foreach (var prefix in Prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
        if (!settings.TryGetValue(name, out var value) && !options.Configuration.TryGetValue(name, out value))
        {
            bag.Add(SyntaxErrors.UnknownVariable(at, name, settings.Keys.Concat(options.Configuration.Keys)));
            return null;
        }

        if (!value.Contains("${", StringComparison.Ordinal)) return value;
        if (rounds == 0)
        {
            bag.Add(SyntaxErrors.CircularVariable(at, name));
            return null;
        }

        var text = new StringBuilder();
        for (var from = 0; ;)
        {
            var open = value.IndexOf("${", from, StringComparison.Ordinal);
            var close = open < 0 ? -1 : value.IndexOf('}', open);
            if (close < 0) return text.Append(value, from, value.Length - from).ToString();
            if (Value(value[(open + 2)..close], at, rounds - 1) is not { } inner) return null;
            text.Append(value, from, open - from).Append(inner);
            from = close + 1;
        }
    }
}
