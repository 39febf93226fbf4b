namespace Lakeflow.Delta;

/// <summary>What a commit made.</summary>
/// <param name="Version">The table's new version.</param>
/// <param name="Snapshot">The table as of that version.</param>
/// <param name="Warning">Trouble after the commit (a checkpoint that could not be written), which did not undo it; or null.</param>
public sealed record CommitResult(long Version, Snapshot Snapshot, Arrow.DataFault? Warning = null);
