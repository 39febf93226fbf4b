using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Graph;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>What has changed between the schemas in a lock file and the sources as they are now, and what that breaks.</summary>
/// <param name="Changes">By source.</param>
/// <param name="Broken">Datasets that no longer compile or get other columns, with the reason; those that read them come after them.</param>
public sealed record SchemaComparison(ImmutableArray<SchemaChange> Changes, ImmutableArray<BrokenDataset> Broken)
{
    /// <summary>Compares, by compiling the project twice.</summary>
    /// <param name="session">Over the project.</param>
    /// <param name="locked">The lock file's schemas.</param>
    /// <param name="bag">Takes what is wrong with sources, and with the text where that is wrong in any case.</param>
    public static SchemaComparison Of(Session session, SchemaLock locked, DiagnosticBag bag)
    {
        var before = session.Check(toCode: true, new LockedCatalog(locked));
        var catalog = new SnapshotCatalog(session.Catalog, functions: null);
        var now = session.Check(toCode: true, catalog);
        var found = new SchemaLock(catalog.Found);
        bag.AddRange(now.Diagnostics.Where(d => d.IsError && (d.Code.StartsWith("LF7", StringComparison.Ordinal) || before.Diagnostics.Contains(d))));
        return new SchemaComparison([.. ChangesOf(locked, found)], BrokenIn(before, now));
    }

    private static IEnumerable<SchemaChange> ChangesOf(SchemaLock locked, SchemaLock found)
    {
        foreach (var source in locked.Sources)
        {
            if (found.Find(source.Key) is not { } other) yield return new SchemaChange(source, ["is no longer read, or no longer there"]);
            else if (ColumnsOf(source.Columns, other.Columns) is { IsEmpty: false } lines) yield return new SchemaChange(source, lines);
        }

        foreach (var source in found.Sources.Where(s => locked.Find(s.Key) is null)) yield return new SchemaChange(source, ["is not in the lock file"]);
    }

    private static ImmutableArray<string> ColumnsOf(Schema before, Schema now)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var column in before.Fields)
        {
            if (now.Find(column.Name) is not { } other) lines.Add($"column {column} is gone");
            else if (!other.Equals(column)) lines.Add($"column {column} is now {other}");
        }

        lines.AddRange(now.Fields.Where(f => before.Find(f.Name) is null).Select(f => $"column {f} is new"));
        if (lines.Count == 0 && !before.Fields.Select(f => f.Name).SequenceEqual(now.Fields.Select(f => f.Name))) lines.Add("its columns have another order");
        return lines.ToImmutable();
    }

    private static ImmutableArray<BrokenDataset> BrokenIn(CompiledSources before, CompiledSources now)
    {
        if (before.Result?.Graph is not { } old || now.Result?.Graph is not { } current) return [];
        var broken = ImmutableArray.CreateBuilder<BrokenDataset>();
        foreach (var dataset in Ordered(old))
        {
            if (now.Diagnostics.FirstOrDefault(d => d.IsError && !before.Diagnostics.Contains(d) && IsIn(d.At, dataset, old)) is { } error)
            {
                broken.Add(new BrokenDataset(dataset.Name, error.ToString()));
                continue;
            }

            var same = current.Datasets.FirstOrDefault(d => d.Name == dataset.Name);
            var changes = same is null ? [] : ColumnsOf(dataset.Info.Columns, same.Info.Columns);
            var above = dataset.Reads.FirstOrDefault(r => broken.Any(b => b.Name == r && b.StopsReaders));
            if (above != default) broken.Add(new BrokenDataset(dataset.Name, $"reads {above.Name}") { StopsReaders = true });
            else if (!changes.IsEmpty) broken.Add(new BrokenDataset(dataset.Name, string.Join(", ", changes)) { StopsReaders = false });
        }

        return broken.ToImmutable();
    }

    /// <summary>Datasets, each after those that it reads.</summary>
    private static IEnumerable<Dataset> Ordered(PipelineGraph graph)
    {
        var done = new HashSet<QualifiedName>();
        var order = new List<Dataset>();
        foreach (var dataset in graph.Datasets) Visit(dataset);
        return order;

        void Visit(Dataset dataset)
        {
            if (!done.Add(dataset.Name)) return;
            foreach (var name in dataset.Reads)
            {
                if (graph.Datasets.FirstOrDefault(d => d.Name == name) is { } read) Visit(read);
            }

            order.Add(dataset);
        }
    }

    private static bool IsIn(SourceSpan at, Dataset dataset, PipelineGraph graph) =>
        Holds(dataset.Info.Origin, at) || graph.Flows.Any(f => f.Target == dataset.Name && Holds(f.Origin, at));

    private static bool Holds(SourceSpan outer, SourceSpan at) =>
        outer.File == at.File && (at.Line, at.Column).CompareTo((outer.Line, outer.Column)) >= 0 && (at.Line, at.Column).CompareTo((outer.EndLine, outer.EndColumn)) < 0;
}

/// <summary>A source whose schema is another one now.</summary>
/// <param name="Source">The source.</param>
/// <param name="Lines">What changed, a line each.</param>
public sealed record SchemaChange(LockedSource Source, ImmutableArray<string> Lines);

/// <summary>A dataset that the changes touch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Why">The compiler's words, or which columns change.</param>
public sealed record BrokenDataset(QualifiedName Name, string Why)
{
    /// <summary>False if it only gets other columns: what reads it may go on.</summary>
    public bool StopsReaders { get; init; } = true;
}
