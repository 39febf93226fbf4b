using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.State;

namespace Lakeflow.Runtime.Flows;

/// <summary>What a full refresh could not bring back: rows of files that a stream has read and that are gone.</summary>
internal static class LostRows
{
    /// <summary>LF5063 for the first table that would lose rows.</summary>
    public static void Check(UpdateContext context, IEnumerable<DatasetInfo> tables)
    {
        foreach (var table in tables)
        {
            if (!Snapshot.TryOpen(context.Lakehouse.Table(table.Name), out var snapshot)) continue;
            var gone = context.Pipeline.Flows.Where(f => f.Target == table.Name).SelectMany(f => GoneFiles(context, snapshot, f)).ToList();
            if (gone.Count > 0) throw RunErrors.LostRows(table.Name.ToString(), gone);
        }
    }

    /// <summary>In words, what a full refresh would take away and what it would read again.</summary>
    public static string WhatIsLeft(UpdateContext context, DatasetInfo table, Snapshot target)
    {
        var rows = target.RowCount is { } count ? string.Create(CultureInfo.InvariantCulture, $"its {count} rows") : "its rows";
        var sources = context.Pipeline.Flows.Where(f => f.Target == table.Name)
            .SelectMany(f => f.Sources.Select(s => Describe(context, target, f, s))).Distinct().ToList();
        return sources.Count == 0
            ? $"A full refresh would take away {rows}."
            : $"A full refresh would take away {rows} and read again what its sources still have: {string.Join("; ", sources)}.";
    }

    private static string Describe(UpdateContext context, Snapshot target, FlowInfo flow, SourceInfo source)
    {
        switch (source)
        {
            case FileSourceInfo files:
                var gone = GoneFiles(context, target, flow).Count();
                var here = context.Files.List(files).Length;
                return string.Create(CultureInfo.InvariantCulture, $"{here} file(s) of {files.Path}{(gone > 0 ? $" ({gone} that were read are gone)" : "")}");
            case TableSourceInfo table:
                return Table(table.Table.ToString(), context.Lakehouse.Table(table.Table));
            case PathTableSourceInfo { Path: var path } when context.Paths.ToLocal(path) is { } local:
                return Table(path, Lakehouse.FolderTable(local));
            default:
                return source.Key;
        }
    }

    private static string Table(string name, IObjectStore store) =>
        Snapshot.TryOpen(store, out var snapshot) && snapshot.RowCount is { } rows
            ? string.Create(CultureInfo.InvariantCulture, $"{rows} rows of {name}") : name;

    private static IEnumerable<string> GoneFiles(UpdateContext context, Snapshot target, FlowInfo flow)
    {
        if (!target.Domains.TryGetValue(FlowRecord.DomainOf(flow), out var text)) yield break;
        var record = FlowRecord.Parse(text);
        foreach (var source in flow.Sources.OfType<FileSourceInfo>().Where(s => s.Streaming).DistinctBy(s => s.Key))
        {
            var state = Lakehouse.StateName(flow, record.Generation, source);
            if (!record.State.TryGetValue(state, out var version)) continue;
            var present = context.Files.List(source).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
            foreach (var path in Seen(context, target, flow, state, version).Paths.Order(StringComparer.Ordinal))
            {
                if (!present.Contains(path)) yield return path;
            }
        }
    }

    private static SeenFiles Seen(UpdateContext context, Snapshot target, FlowInfo flow, string state, long version)
    {
        try
        {
            return SeenFiles.Open(context.Lakehouse.State(state), version);
        }
        catch (DataFault fault) when (TableState.Lost(context.Lakehouse, flow.Target, target, fault) is { } lost)
        {
            throw lost;
        }
    }
}
