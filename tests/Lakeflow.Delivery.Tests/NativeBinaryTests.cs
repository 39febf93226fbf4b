using System.Globalization;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Delivery.Tests;

/// <summary>The flights example as one native executable: published outside the checkout, without a warning of the trimmer or the AOT compiler.</summary>
public sealed class NativeBinaryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [NativeFact]
    public void The_binary_fills_the_same_tables_as_lakeflow_run_and_then_finds_nothing_new()
    {
        var inProcess = OpenCopy("in-process");
        var session = Session.Of(inProcess);
        var compiled = session.Check(toCode: true);
        Assert.False(compiled.HasErrors, string.Join('\n', compiled.Diagnostics));
        Assert.Equal(UpdateState.Completed, session.Run(session.Prepare(), new UpdateOptions { Workers = 2 }, null, TimeProvider.System, default).State);

        var binary = Publish(inProcess, compiled);
        var native = OpenCopy("native");
        string[] arguments =
        [
            "run", "--lakehouse", native.Settings.Lakehouse, "--root", native.Root, "--mount", "/Volumes/main/raw=" + Path.Combine(native.Root, "data"), "--threads", "2",
        ];
        var (exit, output, error) = Tool.Run(folder, binary, arguments);
        Assert.True(exit == 0 && error.Length == 0, output + error);
        Assert.Contains("read 20000 ", output, StringComparison.Ordinal);

        var tables = compiled.Result!.Graph!.Flows.Select(f => f.Target).Distinct().ToList();
        Assert.True(tables.Count > 5);
        foreach (var table in tables) Assert.Equal(Rows(session, table), Rows(Session.Of(native), table));

        var again = Tool.Run(folder, binary, arguments);
        Assert.Equal((0, ""), (again.Exit, again.Error));
        Assert.EndsWith("nothing new\n", again.Out, StringComparison.Ordinal);
    }

    private string Publish(Project project, CompiledSources compiled)
    {
        var file = NativeProject.Write(Path.Combine(folder, "code"), project, compiled, Path.Combine(Checkout.Root, "src"));
        var (exit, output, error) = Tool.Run(Path.Combine(folder, "code"), "dotnet", "publish", file, "-c", "Release", "-o", Path.Combine(folder, "bin"), "-nodeReuse:false", "--nologo");
        Assert.True(exit == 0, output + error);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        return Path.Combine(folder, "bin", NativeProject.AssemblyName(project));
    }

    private Project OpenCopy(string name)
    {
        var to = Path.Combine(folder, name);
        var from = Path.Combine(Checkout.Root, "docs", "examples", "flights");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.Contains("lakehouse", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var bag = new DiagnosticBag();
        return Project.Open(to, null, [], bag) ?? throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
    }

    /// <summary>A table's rows as text, in one order.</summary>
    private static List<string> Rows(Session session, QualifiedName table)
    {
        var compiled = session.PrepareQuery($"SELECT * FROM {table}");
        Assert.False(compiled.HasErrors, string.Join('\n', compiled.Diagnostics));
        using var result = session.Query(compiled, TimeProvider.System, long.MaxValue, default);
        var rows = new List<string>();
        foreach (var batch in result.Batches)
        {
            for (var row = 0; row < batch.Length; row++)
                rows.Add(string.Join('|', batch.Columns.Select(c => Convert.ToString(c.GetValue(row), CultureInfo.InvariantCulture) ?? "NULL")));
        }

        Assert.NotEmpty(rows);
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
