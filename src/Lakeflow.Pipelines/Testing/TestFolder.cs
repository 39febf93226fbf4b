using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Pipelines.Testing;

/// <summary>A folder of its own for one test: the pipeline's sources, empty folders where its mounts point, an empty lakehouse. Gone when disposed.</summary>
/// <remarks>A test never reads the project's data and never writes its tables: every folder that the project file names gets a double here.</remarks>
internal sealed class TestFolder : IDisposable
{
    private readonly Project original;
    private readonly OwnFolder own = OwnFolder.MakeTemporary("test");

    public TestFolder(Project original, ImmutableArray<SourceText> sources)
    {
        this.original = original;
        var outside = sources.Where(s => s.File.StartsWith("../", StringComparison.Ordinal)).Select(s => (Pattern(s), SourceSpan.None));
        var mounts = original.Settings.Mounts.Select((m, n) => m with { Folder = Double(m.Folder, n) }).ToImmutableArray();
        foreach (var mount in mounts) Directory.CreateDirectory(mount.Folder);
        Project = original.In(own.Path, original.Settings with
        {
            Lakehouse = Path.Combine(own.Path, "lakehouse"),
            Mounts = mounts,
            Libraries = [.. original.Settings.Libraries, .. outside],
        });
        foreach (var source in sources) Write(Pattern(source), source.Text);
    }

    /// <summary>The project, in this folder.</summary>
    public Project Project { get; private set; }

    /// <param name="setting"><c>key=value</c>.</param>
    public void Set(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        Project = original.In(own.Path, Project.Settings with
        {
            Configuration = Project.Settings.Configuration.SetItem(setting[..equals], setting[(equals + 1)..]),
        });
    }

    /// <param name="path">A path as the pipeline's SQL writes it, or one below the project.</param>
    /// <param name="text">What the file is to hold.</param>
    public void Write(string path, string text) => File.WriteAllText(Room(path), text);

    /// <param name="from">A path within the original project.</param>
    /// <param name="to">A path as the pipeline's SQL writes it, or one below the project.</param>
    public void Copy(string from, string to)
    {
        var source = Path.GetFullPath(from, original.Root);
        if (!File.Exists(source)) throw TestErrors.NoSuchFile(from);
        File.Copy(source, Room(to), overwrite: true);
    }

    public void Remove(string path)
    {
        var full = Inside(path);
        if (Directory.Exists(full)) Directory.Delete(full, recursive: true);
        else if (File.Exists(full)) File.Delete(full);
        else throw TestErrors.NoSuchFile(path);
    }

    public void Dispose() => own.Dispose();

    /// <summary>The place of a file that is about to be written; its folder exists.</summary>
    private string Room(string path)
    {
        var full = Inside(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    private string Inside(string path)
    {
        var full = Project.Paths.ToLocal(path) is { } local ? Path.GetFullPath(local, own.Path) : null;
        return full is not null && IsBelow(own.Path, full) ? full : throw TestErrors.PathOutside(path);
    }

    /// <summary>Where a source stands in this folder; one from outside of the project's folder gets a place of its own.</summary>
    private static string Pattern(SourceText source) => source.File.Replace("../", "outside/", StringComparison.Ordinal);

    private string Double(string folder, int number) => IsBelow(original.Root, folder)
        ? Path.Combine(own.Path, Path.GetRelativePath(original.Root, folder))
        : Path.Combine(own.Path, "mounts", number.ToString(CultureInfo.InvariantCulture));

    private static bool IsBelow(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) && !relative.StartsWith(@"..\", StringComparison.Ordinal);
    }
}
