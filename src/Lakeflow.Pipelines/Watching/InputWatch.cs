using System.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>Waits until a project's texts or data change. The operating system's notices make it quick, and looking now and then makes it sure.</summary>
/// <remarks>Not every file system tells of changes (network drives, containers), and a notice may be lost; so no notice counts by itself: states are compared.</remarks>
public sealed class InputWatch : IDisposable
{
    /// <summary>Between two looks without a notice.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>A look at a million files is not to become the machine's main work.</summary>
    private const int MostShare = 20;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    /// <summary>An editor writes a file in several calls.</summary>
    private static readonly TimeSpan QuietText = TimeSpan.FromMilliseconds(30);

    /// <summary>A stream reads a file once: one that still grows is left alone.</summary>
    private static readonly TimeSpan QuietData = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, FileSystemWatcher> watchers = new(StringComparer.Ordinal);
    private readonly AutoResetEvent notice = new(initialState: false);

    /// <summary>Listens to the folders of a project and of the files and tables that it reads, and to no others any more.</summary>
    /// <param name="start">Where the project was looked for.</param>
    /// <param name="session">The project; null where it could not be opened.</param>
    /// <param name="prepared">Names the files and tables; null where it did not come so far.</param>
    public void Listen(string start, Session? session, PreparedPipeline? prepared)
    {
        var wanted = FoldersOf(start, session, prepared).Select(Path.GetFullPath).Distinct().ToList();
        foreach (var gone in watchers.Keys.Except(wanted).ToList())
        {
            watchers.Remove(gone, out var watcher);
            watcher!.Dispose();
        }

        var lakehouse = session?.Lakehouse.Location;
        foreach (var folder in wanted.Where(f => !watchers.ContainsKey(f) && Directory.Exists(f))) Add(folder, lakehouse);
    }

    /// <summary>Returns when the state is another than <paramref name="before"/>, and stays as it is for a moment.</summary>
    /// <param name="before">The state that the last update saw.</param>
    /// <param name="look">Takes the state of now.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public void WaitForChange(InputState before, Func<InputState> look, CancellationToken stop)
    {
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            var now = look();
            var cost = Stopwatch.GetElapsedTime(started);
            if (now != before && Settled(now, look, now.Data != before.Data ? QuietData : QuietText, stop)) return;
            Pause(cost * MostShare > Poll ? cost * MostShare : Poll, stop);
            // What wakes us is the first of several notices, mostly; and a storm of them is not to keep us busy.
            stop.WaitHandle.WaitOne(Gather);
        }
    }

    public void Dispose()
    {
        foreach (var watcher in watchers.Values) watcher.Dispose();
        notice.Dispose();
    }

    private bool Settled(InputState now, Func<InputState> look, TimeSpan quiet, CancellationToken stop)
    {
        var until = Stopwatch.GetTimestamp() + (long)(quiet.TotalSeconds * Stopwatch.Frequency);
        for (var left = quiet; left > TimeSpan.Zero; left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), until)) Pause(left, stop);
        if (look() == now) return true;
        // Still moving: look again at once.
        notice.Set();
        return false;
    }

    /// <summary>Waits for a notice. True if there was one.</summary>
    private bool Pause(TimeSpan most, CancellationToken stop)
    {
        var woken = WaitHandle.WaitAny([notice, stop.WaitHandle], most);
        stop.ThrowIfCancellationRequested();
        return woken == 0;
    }

    private void Add(string folder, string? lakehouse)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            // Our own writing is no news.
            var own = lakehouse is not null && !IsBelow(folder, lakehouse) ? lakehouse : null;
            void Tell(object sender, FileSystemEventArgs e)
            {
                if (own is null || !IsBelow(e.FullPath, own)) notice.Set();
            }

            watcher.Changed += Tell;
            watcher.Created += Tell;
            watcher.Deleted += Tell;
            watcher.Renamed += Tell;
            // Notices were lost.
            watcher.Error += (_, _) => notice.Set();
            watcher.EnableRaisingEvents = true;
            watchers.Add(folder, watcher);
        }
        catch (Exception limit) when (limit is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            // The system has no more watches to give, or none for this folder: looking now and then has to do.
            _ = limit;
        }
    }

    private static IEnumerable<string> FoldersOf(string start, Session? session, PreparedPipeline? prepared)
    {
        yield return session?.Project!.Root ?? Nearest(start);
        if (session is null || prepared is null) yield break;
        foreach (var question in prepared.Asked)
        {
            var path = question.Kind switch
            {
                CatalogQuestionKind.Files => session.Catalog.ToLocal(question.Files!.Path),
                CatalogQuestionKind.Folder => session.Catalog.ToLocal(question.Words[0]),
                CatalogQuestionKind.Table => Path.Combine([session.Lakehouse.Location, .. question.Words, "_delta_log"]),
                _ => null,
            };
            if (path is null) continue;
            var folder = Nearest(path);
            var root = session.Project!.Root;
            // The project's own watch sees all below its folder but the lakehouse.
            if (!IsBelow(folder, root) || IsBelow(folder, session.Lakehouse.Location)) yield return folder;
        }
    }

    /// <summary>The folder that a path, a glob maybe, lies in as far as it exists.</summary>
    private static string Nearest(string path)
    {
        var at = Path.GetFullPath(path);
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } above) at = above;
        return at;
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] is '/' or '\\' || folder[^1] is '/' or '\\');
}
