using System.Collections.Immutable;

namespace Lakeflow.Runtime.Changes;

/// <summary>How the rows of a flow take the place of rows of its target. Language specification §1.2, the inline flow kinds.</summary>
/// <param name="Keys">REPLACE USING: all rows of a key are replaced by those that come with a higher sequence. Empty for REPLACE WHERE,
/// whose rows tell themselves which rows go: <see cref="ChangeLayout.File"/> and <see cref="ChangeLayout.Row"/>.</param>
/// <param name="Sequence">REPLACE USING: the column of SEQUENCE BY; null for REPLACE WHERE.</param>
public sealed record ReplaceInfo(ImmutableArray<string> Keys, string? Sequence)
{
    /// <summary>All of it in one line, the same in every process.</summary>
    public string Describe() => Sequence is null ? "where" : $"using ({string.Join(", ", Keys)}) sequence by {Sequence}";
}
