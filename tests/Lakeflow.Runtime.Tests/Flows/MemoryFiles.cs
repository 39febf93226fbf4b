using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>Files that are lists of (x, y), so that runs need no reader.</summary>
internal sealed class MemoryFiles : IFileSources
{
    public static readonly Schema Columns = new(new("x", DataType.Int64), new Field("y", DataType.String));

    private readonly SortedDictionary<string, (long Modified, (long? X, string? Y)[] Rows)> files = new(StringComparer.Ordinal);

    /// <summary>Names of the files opened, in order.</summary>
    public List<string> Opened { get; } = [];

    /// <summary>Thrown on opening, as often as it is said.</summary>
    public Queue<Exception> Faults { get; } = [];

    public void Put(string path, params (long? X, string? Y)[] rows) =>
        files[path] = (files.TryGetValue(path, out var old) ? old.Modified + 1 : 1, rows);

    public void Delete(string path) => files.Remove(path);

    public ImmutableArray<SourceFile> List(FileSourceInfo source)
    {
        lock (files)
        {
            return [.. files.Where(f => f.Key.StartsWith(source.Path, StringComparison.Ordinal))
                .Select(f => new SourceFile(f.Key, f.Value.Rows.Length * 10, f.Value.Modified))];
        }
    }

    Schema? IFileSources.Columns(FileSourceInfo source) => null;

    public IBatchSource Open(FileSourceInfo source, ImmutableArray<SourceFile> wanted)
    {
        lock (files)
        {
            if (Faults.TryDequeue(out var fault)) throw fault;
            Opened.AddRange(wanted.Select(f => f.Path));
            return new ListSource(source.Columns, [.. wanted.Select(f => (f.Path, files[f.Path].Rows))]);
        }
    }

    private sealed class ListSource(Schema schema, ImmutableArray<(string Path, (long? X, string? Y)[] Rows)> parts) : IBatchSource
    {
        public Schema Schema => schema;

        public IBatchReader Open(int worker, int workers) =>
            new Reader(schema, [.. parts.Select((part, i) => (i, part.Path, part.Rows)).Where(p => p.i % workers == worker)]);

        public void Dispose()
        {
        }
    }

    private sealed class Reader(Schema schema, (int Ordinal, string Path, (long? X, string? Y)[] Rows)[] parts) : IBatchReader
    {
        private int next;

        public RecordBatch? Read()
        {
            if (next == parts.Length) return null;
            var (ordinal, path, rows) = parts[next++];
            var builders = schema.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToArray();
            foreach (var row in rows)
            {
                for (var i = 0; i < builders.Length; i++) builders[i].AppendValue(schema[i].Name == "x" ? row.X : row.Y);
            }

            return new RecordBatch(schema, [.. builders.Select(b => b.Build())], rows.Length)
            {
                Ordinal = (long)ordinal << 32,
                Origin = new RowOrigin(path, 0) { Lines = [.. Enumerable.Range(1, rows.Length)] },
            };
        }

        public void Dispose()
        {
        }
    }
}
