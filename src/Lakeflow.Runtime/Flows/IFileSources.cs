using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Flows;

/// <summary>Finds and reads the files of a <see cref="FileSourceInfo"/>. The readers are not part of the run time; whoever starts a run hands them in.</summary>
public interface IFileSources
{
    /// <summary>The files that the source names now, by path (ordinal), each once.</summary>
    ImmutableArray<SourceFile> List(FileSourceInfo source);

    /// <summary>The columns that the source's files show now, to compare with those it was compiled for; a column whose type the query says has no type of its own to compare.</summary>
    /// <returns>Null where the query declares its columns, whatever the files have.</returns>
    Schema? Columns(FileSourceInfo source);

    /// <summary>The rows of some of the files that <see cref="List"/> gave, with exactly <see cref="SourceInfo.Columns"/>.</summary>
    IBatchSource Open(FileSourceInfo source, ImmutableArray<SourceFile> files);
}

/// <summary>A file that a source named.</summary>
/// <param name="Path">As the user knows it: what a stream remembers.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Microseconds UTC.</param>
public record SourceFile(string Path, long Size, long Modified);
