using System.Globalization;
using Lakeflow.Arrow;
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
        Look(CheckPlace);
        Look(() => new TableSetup(context).CheckOwners(context.Pipeline.Datasets.Where(d => d.IsTable)));
        foreach (var dataset in context.Pipeline.Datasets.Where(d => d.IsTable)) Look(() => LookAt(dataset));
        var own = context.Pipeline.Datasets.Select(d => d.Name).ToHashSet();
        var others = context.Pipeline.Flows.SelectMany(f => f.Sources)
            .Where(s => s is not EventLogSourceInfo and not RateSourceInfo and not TargetSourceInfo && !(s is TableSourceInfo table && own.Contains(table.Table)))
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

    /// <summary>A lakehouse need not be there yet, but folders can be made only in folders.</summary>
    private void CheckPlace()
    {
        for (var place = Path.GetFullPath(context.Lakehouse.Location); place is not null && !Directory.Exists(place); place = Path.GetDirectoryName(place))
        {
            if (File.Exists(place)) throw ProgramErrors.NoFolder(context.Lakehouse.Location, place);
        }
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
                if (context.Files.Columns(file) is { } now) Compare(file.Path, file.Columns, file.FileColumns, now, IsText(file));
                break;
            case TableSourceInfo table:
                if (!Snapshot.TryOpen(context.Lakehouse.Table(table.Table), out var other)) throw RunErrors.NoSuchTable(table.Table.ToString());
                if (table.Changes is null) Compare(table.Table.ToString(), table.Columns, null, other.Schema, isText: false);
                break;
            case PathTableSourceInfo table:
                var folder = context.Paths.ToLocal(table.Path) ?? throw RunErrors.UnmappedPath(table.Path);
                if (!Snapshot.TryOpen(Lakehouse.FolderTable(folder), out var found)) throw RunErrors.NoSuchTable(table.Path);
                Compare(table.Path, table.Columns, null, found.Schema, isText: false);
                break;
        }
    }

    /// <summary>Compares what a source has with what the pipeline was compiled for.</summary>
    /// <param name="name">The source, for the message.</param>
    /// <param name="read">The columns that the flow reads.</param>
    /// <param name="known">All that it had; null where columns that come do no harm.</param>
    /// <param name="now">What it has.</param>
    /// <param name="isText">True if every value can be read as STRING.</param>
    private static void Compare(string name, Schema read, Schema? known, Schema now, bool isText)
    {
        var changes = new List<string>();
        foreach (var column in read.Fields.Where(f => !f.Name.StartsWith('_')))
        {
            if (now.Find(column.Name) is not { } other) changes.Add($"{column.Name} {column.Type} is gone");
            else if (!Fits(other.Type, column.Type, isText)) changes.Add($"{column.Name} was {column.Type} and is {other.Type}");
        }

        if (known is not null) changes.AddRange(now.Fields.Where(f => known.Find(f.Name) is null).Select(f => $"{f.Name} {f.Type} is new"));
        if (changes.Count > 0) throw ProgramErrors.OtherColumns(name, changes);
    }

    /// <summary>Whether values of one type can be read as another. What text shows may be narrower than what it was compiled for: other files, other values.</summary>
    private static bool Fits(DataType now, DataType wanted, bool isText) => now.Equals(wanted) || TypeWidening.CanWiden(now, wanted)
        || (isText && (now, wanted) switch
        {
            (_, StringType) => true,
            (Int32Type or Int64Type, FloatType or DoubleType or DecimalType or Int64Type) => true,
            (DecimalType, DoubleType) or (DateType, TimestampType) => true,
            (StructType or ListType or MapType, StructType or ListType or MapType) => true,
            _ => false,
        });

    private static bool IsText(FileSourceInfo file) => file.Format is "csv" or "json";

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
