namespace Lakeflow.Runtime.Diagnostics;

/// <summary>How bad a diagnostic is. Only errors stop a compilation.</summary>
public enum Severity
{
    Info,
    Warning,
    Error,
}

/// <summary>One thing the user should know about a text: what is wrong, where, and what to do.</summary>
/// <param name="Code"><c>LFxxxx</c>; a page of that name stands in <c>docs/diagnostics</c>.</param>
/// <param name="Severity">Only errors stop a compilation.</param>
/// <param name="At">Where; <see cref="SourceSpan.None"/> only when there is no text.</param>
/// <param name="Message">What is wrong, one sentence, ending in a full stop.</param>
/// <param name="Hint">What to do, one sentence, or null.</param>
public sealed record Diagnostic(string Code, Severity Severity, SourceSpan At, string Message, string? Hint = null)
{
    /// <summary>A second place that belongs to the message, such as the first of two declarations of one name.</summary>
    public SourceSpan? Also { get; init; }

    public bool IsError => Severity == Severity.Error;

    /// <summary><c>orders.lfsql(4,17): error LF2001: message hint</c>; without the place where there is no text.</summary>
    public override string ToString()
    {
        var place = At.ToString() is { Length: > 0 } at ? at + ": " : "";
        var stop = Hint is null || Message.Length == 0 || Message[^1] is '.' or '!' or '?' or ':' ? "" : ".";
        return $"{place}{Severity.ToString().ToLowerInvariant()} {Code}: {Message}{(Hint is null ? "" : $"{stop} {Hint}")}";
    }
}
