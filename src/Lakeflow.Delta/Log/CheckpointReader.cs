using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Checkpoints as actions: classic, in several parts, and V2 with sidecars. Delta protocol, "Checkpoints".</summary>
internal static class CheckpointReader
{
    /// <summary>The actions of one whole checkpoint. LF6059 if a file of it cannot be read.</summary>
    public static List<LogAction> Read(IObjectStore store, IReadOnlyList<LogFile> files)
    {
        var actions = new List<LogAction>();
        foreach (var file in files) ReadFile(store, file.Info.Path, actions);
        foreach (var sidecar in actions.OfType<Sidecar>().ToList())
        {
            var path = FilePath.ToStore(sidecar.Path);
            ReadFile(store, path.Contains('/') ? path : LogNames.SidecarFolder + path, actions);
        }

        return actions;
    }

    private static void ReadFile(IObjectStore store, string path, List<LogAction> actions)
    {
        try
        {
            if (path.EndsWith(".json", StringComparison.Ordinal))
            {
                actions.AddRange(ActionJson.Read(store, path));
                return;
            }

            foreach (var batch in DataFile.ReadWhole(store, path))
            {
                using (batch) CheckpointRows.Read(batch, actions);
            }
        }
        catch (Exception e) when (e is DataFault or InvalidCastException or FormatException)
        {
            throw DeltaFaults.BrokenCheckpoint($"{store.Location}/{path}", e);
        }
    }
}
