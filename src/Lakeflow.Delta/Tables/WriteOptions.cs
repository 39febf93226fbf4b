namespace Lakeflow.Delta;

/// <summary>How rows are laid down in files.</summary>
public sealed record WriteOptions
{
    /// <summary>A file that has grown to this many bytes is closed and the next one begun.</summary>
    public long TargetFileBytes { get; init; } = 128L << 20;

    /// <summary>Partitions that one writer keeps open; beyond it the fullest file is closed.</summary>
    public int MaxOpenFiles { get; init; } = 1000;
}
