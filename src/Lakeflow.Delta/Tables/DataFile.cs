using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>Parquet files of a store.</summary>
internal static class DataFile
{
    private const int RowsInABatch = 8192;

    /// <summary>A file's footer; its bytes are fetched from the store as they are needed, no handle is held in between.</summary>
    /// <param name="count">Takes the bytes fetched, from any thread; or null.</param>
    public static ParquetFile Open(IObjectStore store, string path, Action<long>? count = null) => ParquetFile.Open(new StoreRead(store, path, count), NameOf(store, path));

    /// <summary>As messages name the file.</summary>
    public static string NameOf(IObjectStore store, string path) =>
        Path.IsPathRooted(path) ? path : $"{store.Location.TrimEnd('/', '\\')}/{path}";

    /// <summary>All rows and columns, batch by batch; the caller disposes the batches.</summary>
    public static IEnumerable<RecordBatch> ReadWhole(IObjectStore store, string path)
    {
        using var file = Open(store, path);
        int[] columns = [.. Enumerable.Range(0, file.Schema.Count)];
        for (var group = 0; group < file.RowGroups.Count; group++)
        {
            using var reader = file.OpenRowGroup(group, columns, keepDictionaries: false);
            while (reader.Read(RowsInABatch) is { } batch) yield return batch;
        }
    }

    /// <summary>Writes batches as one file, and disposes them.</summary>
    public static void WriteWhole(Stream stream, Schema schema, IEnumerable<RecordBatch> batches)
    {
        using var writer = new ParquetWriter(stream, schema);
        foreach (var batch in batches)
        {
            using (batch) writer.Write(batch);
        }

        writer.Close();
    }

    /// <summary>Opens the object for each read that nobody holds it for: a table of ten thousand files must not need ten thousand handles.</summary>
    private sealed class StoreRead(IObjectStore store, string path, Action<long>? count) : IRandomRead
    {
        private readonly Lock gate = new();
        private long length = -1;
        private int holders;
        private IRandomRead? held;

        public long Length
        {
            get
            {
                if (length >= 0) return length;
                using var file = store.OpenRead(path);
                return length = file.Length;
            }
        }

        public void Read(long offset, Span<byte> into)
        {
            if (Held() is { } open)
            {
                open.Read(offset, into);
            }
            else
            {
                using var file = store.OpenRead(path);
                file.Read(offset, into);
            }

            count?.Invoke(into.Length);
        }

        public void Hold()
        {
            lock (gate) holders++;
        }

        public void LetGo()
        {
            lock (gate)
            {
                if (--holders > 0) return;
                held?.Dispose();
                held = null;
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                held?.Dispose();
                held = null;
            }
        }

        /// <summary>The object as it is open for those who hold it; null if nobody does.</summary>
        private IRandomRead? Held()
        {
            lock (gate) return holders == 0 ? null : held ??= store.OpenRead(path);
        }
    }
}
