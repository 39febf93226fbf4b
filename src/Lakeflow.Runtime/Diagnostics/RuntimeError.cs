namespace Lakeflow.Runtime.Diagnostics;

/// <summary>The user's trouble while data is read, computed or written: expected, documented, with a code.</summary>
/// <remarks>Our own mistakes are never a <see cref="RuntimeError"/>: they surface as LF0001 at the door.</remarks>
public class RuntimeError : Exception
{
    /// <param name="code"><c>LF5xxx</c> run time, <c>LF6xxx</c> Delta and Parquet, <c>LF7xxx</c> connectors.</param>
    /// <param name="message">What is wrong, with the file, value or table concerned.</param>
    /// <param name="hint">What to do, or null.</param>
    /// <param name="errorClass">Spark's error class where it has one (<c>DIVIDE_BY_ZERO</c>), or null.</param>
    /// <param name="retryable">True only where trying again may help: the network, a lock, a busy store.</param>
    /// <param name="inner">The fault beneath, if any.</param>
    public RuntimeError(string code, string message, string? hint = null, string? errorClass = null, bool retryable = false, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
        ErrorClass = errorClass;
        IsRetryable = retryable;
    }

    public string Code { get; }

    public string? Hint { get; }

    public string? ErrorClass { get; }

    public bool IsRetryable { get; }

    /// <summary>True where compiling anew would help: the sources have another shape than when the pipeline was compiled.</summary>
    public bool WantsNewPlan { get; init; }

    /// <summary>Where in the SQL it happened; set by the segment, which knows the site.</summary>
    public SourceSpan At { get; set; } = SourceSpan.None;

    public Diagnostic ToDiagnostic() =>
        new(Code, Severity.Error, At, ErrorClass is null ? Message : $"[{ErrorClass}] {Message}", Hint);
}
