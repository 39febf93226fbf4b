using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Flows;

/// <summary>Opens Delta tables, or some of their files, as rows.</summary>
internal static class TableReads
{
    /// <summary>All rows of a version.</summary>
    public static IBatchSource Open(Snapshot snapshot, Schema columns, ImmutableArray<ColumnPredicate> predicates) =>
        new DeltaScan(snapshot, NamesOf(columns), predicates);

    /// <summary>The rows of some of a table's files.</summary>
    public static IBatchSource Open(Snapshot snapshot, IReadOnlyList<AddFile> files, Schema columns, ImmutableArray<ColumnPredicate> predicates) =>
        new DeltaScan(snapshot, NamesOf(columns), predicates, files);

    public static string[] NamesOf(Schema columns) => [.. columns.Fields.Select(f => f.Name)];
}
