using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Tests.Files;

/// <summary>A folder of its own with files, and reading them as rows of text.</summary>
public sealed class FileCase : IDisposable
{
    public FileCase() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "lakeflow-files-" + Guid.NewGuid().ToString("N")).Replace('\\', '/');

    /// <summary>The folder of reference data beside the repository; null where it is not there.</summary>
    public static string? Shared
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (!File.Exists(Path.Combine(folder.FullName, "Lakeflow.sln"))) continue;
                var shared = Path.Combine(folder.Parent?.FullName ?? "", "shared");
                // A worktree stands one folder deeper.
                if (!Directory.Exists(shared)) shared = Path.Combine(folder.Parent?.Parent?.FullName ?? "", "shared");
                return Directory.Exists(shared) ? shared.Replace('\\', '/') : null;
            }

            return null;
        }
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Root + "/" + name;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public FileScanSpec Spec(string path, params (string Name, string Value)[] options) => SpecOf(Root + "/" + path, options);

    public static FileScanSpec SpecOf(string path, params (string Name, string Value)[] options)
    {
        var bag = new DiagnosticBag();
        var values = ReadFilesOptions.Set.Parse(options.Select(o => (o.Name, (string?)o.Value, SourceSpan.None)), bag);
        var spec = FileScanSpec.Create(path, path, values, null, SourceSpan.None, bag);
        Assert.Empty(bag.ToImmutable());
        return spec;
    }

    public static Schema SchemaOf(FileScanSpec spec) => FileSchema.Infer(spec, FileListing.List(spec));

    /// <summary>Rows as text, one a line, values separated by bars.</summary>
    public static List<string> Read(FileScanSpec spec, string[]? columns = null, int workers = 1, long sliceBytes = FileSource.DefaultSliceBytes) =>
        Read(spec, out _, columns, workers, sliceBytes);

    public static List<string> Read(FileScanSpec spec, out SourceCounts counts, string[]? columns = null, int workers = 1, long sliceBytes = FileSource.DefaultSliceBytes)
    {
        var files = FileListing.List(spec);
        using var source = new FileSource(spec, FileSchema.Infer(spec, files), files, columns, sliceBytes: sliceBytes);
        counts = source.Counts;
        return [.. Batches(source, workers).SelectMany(b => b.Rows)];
    }

    /// <summary>The batches of all workers in the order of the stream, as text, each row with its place.</summary>
    public static List<(long Ordinal, List<string> Rows, List<string> Places)> Batches(IBatchSource source, int workers)
    {
        var batches = new List<(long Ordinal, List<string> Rows, List<string> Places)>();
        for (var worker = 0; worker < workers; worker++)
        {
            using var reader = source.Open(worker, workers);
            while (reader.Read() is { } batch)
            {
                using (batch)
                {
                    var rows = Enumerable.Range(0, batch.Length);
                    batches.Add((batch.Ordinal, [.. rows.Select(r => Row(batch, r))], [.. rows.Select(r => batch.Origin!.Describe(r))]));
                }
            }
        }

        return [.. batches.OrderBy(b => b.Ordinal)];
    }

    public static string Row(RecordBatch batch, int row) => string.Join('|', batch.Columns.Select(c => Show(c.GetValue(row), c.Type)));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Show(object? value, DataType type) => (value, type) switch
    {
        (null, _) => "NULL",
        (object?[] items, ListType list) => "[" + string.Join(",", items.Select(i => Show(i, list.Element.Type))) + "]",
        (object?[] items, StructType s) => "{" + string.Join(",", items.Select((v, i) => Show(v, s.Fields[i].Type))) + "}",
        (KeyValuePair<object, object?>[] pairs, MapType m) => "{" + string.Join(",", pairs.Select(p => $"{p.Key}:{Show(p.Value, m.Value.Type)}")) + "}",
        (int days, DateType) => DateTime.UnixEpoch.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        (long micros, TimestampType) => DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        (byte[] bytes, _) => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
