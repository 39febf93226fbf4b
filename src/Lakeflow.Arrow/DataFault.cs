namespace Lakeflow.Arrow;

/// <summary>Something is wrong with stored data or with the store, in words for the user. The run time gives it a place and shows it.</summary>
/// <remarks>The layers below the run time (Parquet, Delta) throw this; they know the file, not the query.</remarks>
public sealed class DataFault : Exception
{
    /// <param name="code"><c>LF6xxx</c>.</param>
    /// <param name="message">What is wrong, with the file and, where it applies, the column and offset.</param>
    /// <param name="hint">What to do, or null.</param>
    /// <param name="retryable">True only where trying again may help.</param>
    /// <param name="inner">The fault beneath, if any.</param>
    public DataFault(string code, string message, string? hint = null, bool retryable = false, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
        IsRetryable = retryable;
    }

    public string Code { get; }

    public string? Hint { get; }

    public bool IsRetryable { get; }
}
