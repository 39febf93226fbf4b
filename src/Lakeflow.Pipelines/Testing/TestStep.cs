using System.Collections.Immutable;

namespace Lakeflow.Pipelines.Testing;

/// <summary>One step of a pipeline test.</summary>
/// <param name="Block">Its text in the file.</param>
public abstract record TestStep(Block Block);

/// <summary><c>file PATH</c>: writes the lines into a file, a folder's or a source's, and makes what folders it needs.</summary>
public sealed record WriteFile(Block Block, string Path) : TestStep(Block);

/// <summary><c>copy FROM TO</c>: copies a file of the project.</summary>
public sealed record CopyFile(Block Block, string From, string To) : TestStep(Block);

/// <summary><c>remove PATH</c>.</summary>
public sealed record RemoveFile(Block Block, string Path) : TestStep(Block);

/// <summary><c>set KEY=VALUE</c>: configuration of all later updates.</summary>
public sealed record SetConfiguration(Block Block, string Setting) : TestStep(Block);

/// <summary><c>update [--refresh a,b] [--full-refresh a,b] [--full-refresh-all] [--reset-flow f] [--yes]</c> or <c>update error CODE</c>.</summary>
/// <param name="Error">The code or error class of the mistake or fault that is expected, or null.</param>
public sealed record Update(
    Block Block, ImmutableArray<string> Refresh, ImmutableArray<string> FullRefresh, bool FullRefreshAll, bool LoseRows, string? Error) : TestStep(Block)
{
    public ImmutableArray<string> ResetFlows { get; init; } = [];
}

/// <summary><c>query [rowsort]</c> or <c>query error CODE</c>.</summary>
public sealed record Query(Block Block, bool Sorted, string? Error) : TestStep(Block);

/// <summary><c>changes TABLE</c>: the rows that the last update removed (<c>-</c>) and added (<c>+</c>).</summary>
public sealed record Changes(Block Block, string Table) : TestStep(Block);
