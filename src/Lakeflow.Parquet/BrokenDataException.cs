namespace Lakeflow.Parquet;

/// <summary>Bytes that contradict the format. Thrown by decoders, which know neither file nor column; their caller says it as a DataFault.</summary>
internal sealed class BrokenDataException(string message) : Exception(message)
{
    /// <summary>What a decoder may throw on bytes that contradict the format: this, or the run time's own bounds and overflow checks.</summary>
    public static bool Is(Exception exception) =>
        exception is BrokenDataException or IndexOutOfRangeException or ArgumentException or OverflowException or InvalidDataException;
}
