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

    private static IEnumerable<string> GoneFiles(UpdateContext context, Snapshot target, FlowInfo flow)
    {
        if (!target.Domains.TryGetValue(FlowRecord.DomainOf(flow), out var text)) yield break;
        var record = FlowRecord.Parse(text);
        foreach (var source in flow.Sources.OfType<FileSourceInfo>().Where(s => s.Streaming).DistinctBy(s => s.Key))
        {
            var state = Lakehouse.StateName(flow, record.Generation, source);
            if (!record.State.TryGetValue(state, out var version)) continue;
            var present = context.Files.List(source).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
            foreach (var path in SeenFiles.Open(context.Lakehouse.State(state), version).Paths.Order(StringComparer.Ordinal))
            {
                if (!present.Contains(path)) yield return path;
            }
        }
    }
}
