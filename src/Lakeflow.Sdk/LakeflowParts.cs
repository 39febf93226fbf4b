using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;

namespace Lakeflow.Sdk;

/// <summary>Compiles the parts whose C#, references or options have changed, all of them in one process of their own.</summary>
/// <remarks>
/// A process, because the C# compiler has to be fast from its first second on: <see cref="PartCompiler"/> runs with settings for that, and
/// goes over all parts with one set of references. It is started while the SQL is still being compiled, which leaves processors idle.
/// </remarks>
public sealed class LakeflowParts : Microsoft.Build.Utilities.Task
{
    /// <summary>Where the C# and its lists are.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>What the project refers to.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "MSBuild hands over arrays.")]
    public ITaskItem[] References { get; set; } = [];

    /// <summary>Options of the C# compiler.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "MSBuild hands over arrays.")]
    public ITaskItem[] Options { get; set; } = [];

    /// <summary>The folder of the SDK's C# compiler.</summary>
    [Required]
    public string CompilerFolder { get; set; } = "";

    /// <summary>The host that runs the build.</summary>
    [Required]
    public string DotNet { get; set; } = "";

    public override bool Execute()
    {
        var folder = Path.GetFullPath(Folder);
        var parts = File.ReadAllLines(Path.Combine(folder, PipelineWork.PartList));
        foreach (var old in Directory.EnumerateFiles(folder, "*.dll").Where(f => !parts.Contains(Path.GetFileName(f)))) Delete(old);
        var shared = CommandLine(Folder, Options, References);
        var stamp = StampOf(shared);
        var stale = parts.Select(p => new Sources(folder, p)).Where(p => !p.IsMadeOf(stamp)).ToList();
        Log.LogMessage(MessageImportance.Normal, "{0} of {1} parts of the pipeline have to be compiled.", stale.Count, parts.Length);
        var started = (Worker?)BuildEngine4.UnregisterTaskObject(KeyOf(Folder), RegisteredTaskObjectLifetime.Build);
        using var worker = started ?? Worker.Start(DotNet, CompilerFolder, forParts: true);
        if (stale.Count == 0) return true;

        foreach (var part in stale) Delete(part.Assembly);
        if (started is null) worker.Ask(Requests.Prepare, shared);
        worker.Ask(Requests.Parts, stale.SelectMany(p => (string[])[p.Assembly, p.Files.Length.ToString(CultureInfo.InvariantCulture), .. p.Files]));
        worker.Listen(Log);
        if (Log.HasLoggedErrors) return false;
        foreach (var part in stale)
        {
            part.Keep(stamp);
            Log.LogMessage(MessageImportance.Normal, "Compiled {0}: {1} files.", Path.GetFileName(part.Assembly), part.Files.Length);
        }

        return true;
    }

    /// <summary>Under which name the process waits that was started for a folder of C#.</summary>
    internal static string KeyOf(string folder) => $"{typeof(Worker).FullName} {Path.GetFullPath(folder)}";

    /// <summary>The folder of the C#, then options and references.</summary>
    internal static string[] CommandLine(string folder, ITaskItem[] options, ITaskItem[] references) =>
        [Path.GetFullPath(folder), .. options.Select(o => o.ItemSpec), .. references.Select(r => "/reference:" + r.GetMetadata("FullPath"))];

    /// <summary>What all parts depend on: the options, and each reference as it is now.</summary>
    private string StampOf(string[] shared)
    {
        var text = new StringBuilder(typeof(LakeflowParts).Assembly.ManifestModule.ModuleVersionId.ToString()).Append('\n').Append(CompilerFolder).Append('\n');
        foreach (var line in shared) text.Append(line).Append('\n');
        foreach (var reference in References)
        {
            var file = new FileInfo(reference.GetMetadata("FullPath"));
            text.Append(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}\n");
        }

        return text.ToString();
    }

    private static void Delete(string assembly)
    {
        foreach (var file in (string[])[assembly, Path.ChangeExtension(assembly, ".pdb"), assembly + ".key"]) File.Delete(file);
    }

    /// <summary>A part on disk.</summary>
    private sealed class Sources
    {
        private readonly string keyFile;

        public Sources(string folder, string name)
        {
            Assembly = Path.Combine(folder, name);
            keyFile = Assembly + ".key";
            Files = [.. File.ReadAllLines(Assembly + ".files").Select(f => Path.Combine(folder, f))];
        }

        public string Assembly { get; }

        public string[] Files { get; }

        /// <summary>True if the assembly was compiled from these texts with these options. By content: a clock tells nothing after a checkout.</summary>
        public bool IsMadeOf(string stamp) => File.Exists(Assembly) && File.Exists(keyFile) && File.ReadAllText(keyFile) == KeyOf(stamp);

        public void Keep(string stamp) => File.WriteAllText(keyFile, KeyOf(stamp));

        private string KeyOf(string stamp)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(stamp));
            foreach (var file in Files)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
                hash.AppendData(File.ReadAllBytes(file));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }
}
