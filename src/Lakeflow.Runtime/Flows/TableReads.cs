using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Flows;

/// <summary>Opens Delta tables, or some of their files, as rows.</summary>
internal static class TableReads
{
    /// <summary>All rows of a version.</summary>
    /// <param name="table">What it is called in messages.</param>
    public static IBatchSource Open(string table, Snapshot snapshot, Schema columns, ImmutableArray<ColumnPredicate> predicates) =>
        new DeltaScan(snapshot.Shaped(columns), NamesIn(table, snapshot, columns), predicates);

    /// <summary>The rows of some of a table's files.</summary>
    public static IBatchSource Open(string table, Snapshot snapshot, IReadOnlyList<AddFile> files, Schema columns, ImmutableArray<ColumnPredicate> predicates) =>
        new DeltaScan(snapshot.Shaped(columns), NamesIn(table, snapshot, columns), predicates, files);

    /// <summary>The columns' names. LF5069 if a version has them not, or not with the types that the pipeline was compiled for.</summary>
    public static string[] NamesIn(string table, Snapshot snapshot, Schema columns)
    {
        foreach (var column in columns.Fields.Where(c => !ChangeFeed.Columns.Any(f => f.Name == c.Name)))
        {
            var stored = snapshot.Schema.Find(column.Name);
            if (stored is null || !Gives(stored.Type, column.Type)) throw RunErrors.SourceColumnChanged(table, column.Name, column.Type, stored?.Type);
        }

        return [.. columns.Fields.Select(f => f.Name)];
    }

    /// <summary>Whether values of a type are those wanted, or structs of which the fields wanted are a part.</summary>
    private static bool Gives(DataType stored, DataType wanted) => (stored, wanted) switch
    {
        (StructType s, StructType w) => w.Fields.All(f => new Schema(s.Fields).Find(f.Name) is { } field && Gives(field.Type, f.Type)),
        (ListType s, ListType w) => Gives(s.Element.Type, w.Element.Type),
        (MapType s, MapType w) => Gives(s.Key.Type, w.Key.Type) && Gives(s.Value.Type, w.Value.Type),
        _ => stored.Equals(wanted),
    };
}
