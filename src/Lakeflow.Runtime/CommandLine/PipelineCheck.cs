using System.Globalization;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>What <c>validate</c> looks at where a compiled pipeline is to run: whether its files can be found and its tables fit. It changes nothing.</summary>
internal sealed class PipelineCheck(UpdateContext context)
{
    private readonly List<RuntimeError> found = [];
    private int files;
    private int sources;
    private int tables;

    /// <summary>All that would keep an update from beginning or a flow from reading, each thing once.</summary>
    public IReadOnlyList<RuntimeError> Run()
    {
        foreach (var dataset in context.Pipeline.Datasets.Where(d => d.IsTable)) Look(() => LookAt(dataset));
        var own = context.Pipeline.Datasets.Select(d => d.Name).ToHashSet();
        var others = context.Pipeline.Flows.SelectMany(f => f.Sources)
            .Where(s => s is not EventLogSourceInfo and not RateSourceInfo && !(s is TableSourceInfo table && own.Contains(table.Table)))
            .GroupBy(s => s.Key, StringComparer.Ordinal).Select(g => g.First());
        foreach (var source in others)
        {
            sources++;
            Look(() => LookAt(source), source.Origin);
        }

        return found;
    }

    /// <summary>What was looked at, as one line.</summary>
    public string Summary()
    {
        var declared = context.Pipeline.Datasets.Count(d => d.IsTable);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{context.Pipeline.Flows.Length} flows, {sources} sources with {files} files, {declared} tables, {tables} of them in {context.Lakehouse.Location}");
    }

    private void LookAt(DatasetInfo dataset)
    {
        if (Snapshot.TryOpen(context.Lakehouse.Table(dataset.Name), out _)) tables++;
        new TableSetup(context).Check(dataset);
    }

    private void LookAt(SourceInfo source)
    {
        switch (source)
        {
            case FileSourceInfo file:
                files += context.Files.List(file).Length;
                break;
            case TableSourceInfo table:
                if (!Snapshot.TryOpen(context.Lakehouse.Table(table.Table), out _)) throw RunErrors.NoSuchTable(table.Table.ToString());
                break;
            case PathTableSourceInfo table:
                var folder = context.Paths.ToLocal(table.Path) ?? throw RunErrors.UnmappedPath(table.Path);
                if (!Snapshot.TryOpen(Lakehouse.FolderTable(folder), out _)) throw RunErrors.NoSuchTable(table.Path);
                break;
        }
    }

    private void Look(Action look, SourceSpan at = default)
    {
        try
        {
            look();
        }
        catch (Exception failure) when (RunErrors.Wrap(failure) is { } error)
        {
            if (error.At.IsNone && !at.IsNone) error.At = at;
            found.Add(error);
        }
    }
}
