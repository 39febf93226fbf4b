using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>A pipeline's folder, opened: its settings and where its sources are.</summary>
public sealed class Project
{
    /// <summary>Our own file wins over Spark's: a project may carry both.</summary>
    private static readonly string[] OwnNames = ["lakeflow.yml", "lakeflow.yaml"];

    private static readonly string[] SparkNames = ["spark-pipeline.yml", "spark-pipeline.yaml"];

    private static readonly string[] FileNames = [.. OwnNames, .. SparkNames];

    private Project(string root, string file, ProjectSettings settings)
    {
        Root = root;
        File = file;
        Settings = settings;
    }

    /// <summary>The folder of the project file.</summary>
    public string Root { get; }

    /// <summary>The project file's path.</summary>
    public string File { get; }

    public ProjectSettings Settings { get; }

    public PathMap Paths => new(Root.Replace('\\', '/'), Settings.Mounts);

    /// <summary>The same pipeline in another folder, with other settings: for tests.</summary>
    public Project In(string folder, ProjectSettings settings) => new(folder, Path.Combine(folder, Path.GetFileName(File)), settings);

    /// <summary>What of the project is built into a program: folders below its own as relative paths, others as the project file writes them, so that two machines build the same.</summary>
    /// <param name="space">The program's namespace.</param>
    /// <param name="compiled">The project, compiled to code without errors.</param>
    public HostSettings HostIn(string space, CompiledSources compiled) => new(
        CSharpName.Namespace(space), Session.Of(this, cache: null).Zone.Id, Settings.Configuration, Portable(Settings.Lakehouse),
        [.. Settings.Mounts.Select(m => m with { Folder = Portable(m.Folder) }).OrderBy(m => m.Prefix, StringComparer.Ordinal)])
    {
        SourceHash = HashOf(compiled.Sources),
        Continuous = Settings.Continuous,
        Explanations = [.. PlanTexts.Of(compiled)],
    };

    /// <summary>SHA-256 over the files' names and texts, in their order; 16 hex digits of it.</summary>
    private static string HashOf(IEnumerable<SourceText> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(source.File + "\0"));
            hash.AppendData(Encoding.UTF8.GetBytes(source.Text + "\0"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private string Portable(string folder)
    {
        var path = Path.GetRelativePath(Root, folder).Replace('\\', '/');
        var isBelow = !path.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(path);
        return isBelow ? path : Settings.AsWritten.GetValueOrDefault(folder, folder);
    }

    public Lakehouse OpenLakehouse() => Lakehouse.InFolder(Settings.Lakehouse);

    /// <summary>Opens the project whose file is in a folder, or in the nearest folder above it.</summary>
    /// <param name="start">The folder to begin at, or the project file itself.</param>
    /// <param name="target">Name under <c>targets:</c>, or null.</param>
    /// <param name="sets">Configuration from the command line, <c>key=value</c> each; it wins over the file.</param>
    /// <param name="bag">Takes LF0010 to LF0020 and LF7101.</param>
    /// <returns>Null if there is an error in the bag.</returns>
    public static Project? Open(string start, string? target, IEnumerable<string> sets, DiagnosticBag bag)
    {
        if (Find(start, bag) is not { } found) return null;
        var settings = new ProjectFileReader(found.Path, Path.GetFileName(found.Path), bag).Read(found.IsSpark, target);
        if (settings is null) return null;
        foreach (var set in sets)
        {
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) bag.Add(ProjectErrors.BadSetting(set));
            else settings = settings with { Configuration = settings.Configuration.SetItem(set[..equals].Trim(), set[(equals + 1)..]) };
        }

        return bag.HasErrors ? null : new Project(Path.GetDirectoryName(found.Path)!, found.Path, settings);
    }

    /// <summary>The pipeline of a C# project: its sources are the project's items, its settings those of a project file beside it, or defaults.</summary>
    /// <param name="csproj">The C# project's path.</param>
    /// <param name="sources">The source files' paths.</param>
    /// <param name="target">Name under <c>targets:</c>, or null.</param>
    /// <param name="bag">Takes LF0011 to LF0020 and LF7101.</param>
    /// <returns>Null if there is an error in the bag.</returns>
    public static Project? OfBuild(string csproj, IEnumerable<string> sources, string? target, DiagnosticBag bag)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(csproj))!;
        var project = FileNames.Any(f => System.IO.File.Exists(Path.Combine(folder, f)))
            ? Open(folder, target, [], bag)
            : new Project(folder, csproj, ProjectSettings.Default(folder, Path.GetFileNameWithoutExtension(csproj)));
        var libraries = sources.Select(s => (Path.GetRelativePath(folder, s).Replace('\\', '/'), SourceSpan.None)).ToImmutableArray();
        if (libraries.IsEmpty) bag.Add(ProjectErrors.NoSources(new SourceSpan(Path.GetFileName(csproj), 1, 1, 1, 1), "**/*.lfsql"));
        return project is null || libraries.IsEmpty ? null : new Project(folder, project.File, project.Settings with { Libraries = libraries });
    }

    /// <summary>The source files by the project's patterns, sorted by path, each once.</summary>
    public ImmutableArray<SourceText> LoadSources(DiagnosticBag bag)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (pattern, at) in Settings.Libraries)
        {
            var found = SourceGlob.Find(Root, pattern, Settings.Lakehouse).ToList();
            foreach (var file in found) files[Path.GetRelativePath(Root, file).Replace('\\', '/')] = file;
            if (found.Count == 0) bag.Add(ProjectErrors.NoSources(at.IsNone ? new SourceSpan(Path.GetFileName(File), 1, 1, 1, 1) : at, pattern));
        }

        var texts = ImmutableArray.CreateBuilder<SourceText>();
        foreach (var (shown, file) in files)
        {
            if (SourceText.Load(file, shown, bag) is { } text) texts.Add(text);
        }

        return texts.ToImmutable();
    }

    /// <summary>The project files that <see cref="Open"/> would look at.</summary>
    internal static IEnumerable<string> FilesAbove(string start)
    {
        for (var folder = Path.GetFullPath(start); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (System.IO.File.Exists(folder)) yield return folder;
            foreach (var name in FileNames)
            {
                if (System.IO.File.Exists(Path.Combine(folder, name))) yield return Path.Combine(folder, name);
            }
        }
    }

    private static (string Path, bool IsSpark)? Find(string start, DiagnosticBag bag)
    {
        var full = Path.GetFullPath(start);
        if (System.IO.File.Exists(full))
        {
            return (full, Path.GetFileName(full).StartsWith("spark-pipeline", StringComparison.OrdinalIgnoreCase));
        }

        for (var folder = full; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            foreach (var names in new[] { OwnNames, SparkNames })
            {
                var here = names.Where(n => System.IO.File.Exists(Path.Combine(folder, n))).ToList();
                if (here.Count > 1)
                {
                    bag.Add(ProjectErrors.TwoProjectFiles(folder, here[0], here[1]));
                    return null;
                }

                if (here.Count == 1) return (Path.Combine(folder, here[0]), names == SparkNames);
            }
        }

        bag.Add(ProjectErrors.NoProject(full));
        return null;
    }
}
