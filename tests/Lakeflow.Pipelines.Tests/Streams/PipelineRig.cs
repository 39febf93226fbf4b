using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>A project in a folder of its own: SQL in, updates, rows out. Each update opens and compiles the project anew, as the tool does.</summary>
internal sealed class PipelineRig : IDisposable
{
    public PipelineRig(string sql = "")
    {
        Write("lakeflow.yml", "name: t\n");
        Sql(sql);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public string TablePath(string table) => Path.Combine(Folder, "lakehouse/main/default", table);

    /// <summary>Replaces the pipeline's text.</summary>
    public void Sql(string sql) => Write("t.lfsql", sql);

    public void Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Runs an update that is to end well, and returns what its flows did.</summary>
    public UpdateResult Run(UpdateOptions? options = null)
    {
        var result = TryRun(options);
        Assert.True(result.State == UpdateState.Completed, string.Join('\n', result.Flows.Select(f => $"{f.Flow.Name} {f.State} {f.Error} {f.Unexpected}")));
        return result;
    }

    public UpdateResult TryRun(UpdateOptions? options = null)
    {
        var session = Open();
        var compiled = session.Prepare();
        Assert.False(compiled.HasErrors, string.Join('\n', compiled.Diagnostics.Where(d => d.IsError)));
        return session.Run(compiled, (options ?? new UpdateOptions()) with { Workers = 2, MaxRetries = 0 }, null, TimeProvider.System, default);
    }

    /// <summary>The error of the one flow that fails.</summary>
    public RuntimeError Fail(UpdateOptions? options = null) => TryRun(options).Flows.Single(f => f.Error is not null).Error!;

    public Session Open()
    {
        var bag = new DiagnosticBag();
        var project = Project.Open(Folder, null, [], bag);
        Assert.False(bag.HasErrors, string.Join('\n', bag.ToImmutable()));
        return Session.Of(project!);
    }

    public Snapshot Table(string table) => Snapshot.Open(new LocalStore(TablePath(table)));

    /// <summary>The rows of a table, values separated by blanks, sorted, a comma between rows.</summary>
    public string Rows(string table)
    {
        using var scan = new DeltaScan(Table(table));
        using var reader = scan.Open(0, 1);
        var rows = new List<string>();
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                for (var i = 0; i < batch.Length; i++) rows.Add(string.Join(' ', batch.Columns.Select(c => Text(c.GetValue(i)))));
            }
        }

        return string.Join(", ", rows.Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Text(object? value) => value switch
    {
        null => "NULL",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
