using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>A SQL value as C#: an expression for the value, and one for whether there is one.</summary>
/// <param name="Text">C# expression of the physical type; arbitrary where <paramref name="Valid"/> is false.</param>
/// <param name="Valid">C# expression of type bool; the literal <c>true</c> where NULL cannot be.</param>
internal readonly record struct Value(string Text, string Valid)
{
    public const string Always = "true";
    public const string Never = "false";

    public bool IsNeverNull => Valid == Always;

    public bool IsAlwaysNull => Valid == Never;

    /// <summary>True if writing it twice costs nothing: a name, a literal, an element of a span in a local.</summary>
    public static bool IsSimple(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '.' or '[' or ']')) return false;
        }

        return true;
    }

    /// <summary>All of the conditions.</summary>
    public static string And(params ReadOnlySpan<string> conditions)
    {
        var parts = new List<string>();
        foreach (var condition in conditions)
        {
            if (condition == Never) return Never;
            if (condition != Always && !parts.Contains(condition)) parts.Add(condition);
        }

        return parts.Count switch
        {
            0 => Always,
            1 => parts[0],
            _ => string.Join(" && ", parts.Select(p => p.Contains(" || ", StringComparison.Ordinal) || p.Contains(" ? ", StringComparison.Ordinal) ? Wrap(p) : p)),
        };
    }

    public static string Not(string condition) => condition switch
    {
        Always => Never,
        Never => Always,
        ['!', '(', ..] when IsWrapped(condition[1..]) => condition[2..^1],
        _ => IsSimple(condition) || IsCall(condition) ? "!" + condition : $"!({condition})",
    };

    /// <summary>The value alone of <c>(valid ? value : default)</c>, for a place that is guarded by the same test.</summary>
    public static string Unguarded(string text, string valid)
    {
        var head = $"({valid} ? ";
        const string tail = " : default)";
        return text.StartsWith(head, StringComparison.Ordinal) && text.EndsWith(tail, StringComparison.Ordinal) && IsWrapped(text) ? text[head.Length..^tail.Length] : text;
    }

    /// <summary>In parentheses, unless it is one thing already.</summary>
    public static string Wrap(string text) => IsSimple(text) || IsCall(text) || IsWrapped(text) || (text.StartsWith('!') && IsSimple(text[1..])) ? text : $"({text})";

    /// <summary>True for <c>Name(…)</c> as a whole.</summary>
    private static bool IsCall(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && IsSimple(text[..open]) && IsWrapped(text[open..]);
    }

    private static bool IsWrapped(string text)
    {
        if (text.Length < 2 || text[0] != '(' || text[^1] != ')' || text.Contains('"', StringComparison.Ordinal)) return false;
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            if (text[i] == ')' && --depth == 0 && i < text.Length - 1) return false;
        }

        return true;
    }
}

/// <summary>A batch that a loop walks through by an index.</summary>
/// <param name="Batch">C# expression of the RecordBatch.</param>
/// <param name="Index">C# name of the row number.</param>
/// <param name="IsOuter">True if the row number may be −1: all columns are NULL then.</param>
/// <param name="IsInput">True for the batch that is being processed: the null-free variant has looked at its columns.</param>
/// <param name="Setup">If the batch is made in a method's prologue: what makes it.</param>
internal sealed record RowSource(string Batch, string Index, bool IsOuter, bool IsInput, string? Setup = null)
{
    /// <summary>For the fields of a struct column: the batch that holds the column, and where.</summary>
    public (RowSource Rows, int Ordinal)? StructIn { get; init; }
}

/// <summary>What a column of the plan is at the present place of the loop.</summary>
internal abstract record Binding
{
    /// <summary>A column of a batch.</summary>
    public sealed record Stored(RowSource Rows, int Ordinal, PlanColumn Column) : Binding;

    /// <summary>An expression, written out where it is first needed.</summary>
    public sealed record Computed(Expr Expr, string Name) : Binding;

    /// <summary>Already in locals.</summary>
    public sealed record Held(Value Value) : Binding;
}
