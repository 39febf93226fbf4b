using System.ComponentModel;
using System.Diagnostics;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Pipelines;

/// <summary>Makes one native executable of a checked project: <see cref="NativeProject"/>, then <c>dotnet publish</c>.</summary>
/// <param name="Output">The folder for the executable.</param>
/// <param name="Closure">As for <see cref="NativeProject.Write"/>.</param>
/// <param name="Cpu">The property <c>LakeflowCpu</c>, or null for the default.</param>
/// <param name="Framework">The property <c>LakeflowAotFramework</c>, or null for the default.</param>
public sealed record NativeBuild(string Output, string? Closure, string? Cpu, string? Framework)
{
    private const int LinesShown = 8;

    /// <summary>Builds. Nothing but the finished executable gets into <see cref="Output"/>; a former one stays until then.</summary>
    /// <param name="project">The project.</param>
    /// <param name="compiled">Compiled to code, without errors.</param>
    /// <param name="bag">Takes LF0061 and LF0070 to LF0073.</param>
    /// <param name="tell">Told in a line each what is being done.</param>
    /// <param name="stop">Ends the build and what it started.</param>
    /// <returns>The executable's path; null if there is an error in the bag.</returns>
    public string? Run(Project project, CompiledSources compiled, DiagnosticBag bag, Action<string> tell, CancellationToken stop)
    {
        if (Closure is not null && !File.Exists(Path.Combine(Closure, "Lakeflow.Connect", "Lakeflow.Connect.csproj")))
        {
            bag.Add(NativeErrors.NoClosure(Closure));
            return null;
        }

        if (Missing() is { } missing)
        {
            bag.Add(missing);
            return null;
        }

        var name = NativeProject.AssemblyName(project) + (OperatingSystem.IsWindows() ? ".exe" : "");
        var target = Path.Combine(Output, name);
        if (File.Exists(Output) || Directory.Exists(target))
        {
            bag.Add(File.Exists(Output) ? NativeErrors.OutputIsFile(Output) : NativeErrors.TargetIsFolder(target));
            return null;
        }

        // The executable arrives under a name of its own: two builds may have one folder. Where nothing can be written is told now, and not after minutes.
        var next = Path.Combine(Output, $".{name}.{Guid.NewGuid():N}");
        Directory.CreateDirectory(Output);
        File.WriteAllBytes(next, []);
        File.Delete(next);

        using var own = OwnFolder.MakeTemporary("build");
        var work = own.Path;
        var file = NativeProject.Write(Path.Combine(work, "code"), project, compiled, Closure);
        var made = Path.Combine(work, "bin");
        var (exit, lines) = Start(project.Root, Arguments(file, made, project.Root), line => Tell(line, tell), stop);
        if (exit != 0)
        {
            bag.Add(NativeErrors.PublishFailed(exit, Reason(lines, work)));
            return null;
        }

        Place(Path.Combine(made, name), next, target);
        return target;
    }

    private string[] Arguments(string file, string made, string root) =>
    [
        "publish", file, "-c", "Release", "-o", made, "--nologo", "-v", "minimal",
        // Nothing stays behind when the build ends or is stopped.
        "-nodeReuse:false", "-p:UseSharedCompilation=false",
        // What is built is not reviewed here; the trimmer and the AOT compiler look at it all the same.
        "-p:RunAnalyzers=false",
        // A file for debuggers would not be kept, and takes time. Stack traces do without.
        "-p:NativeDebugSymbols=false",
        // The project's nuget.config counts, although the build's own folder is elsewhere.
        "-p:RestoreRootConfigDirectory=" + root,
        .. Cpu is null ? Array.Empty<string>() : ["-p:LakeflowCpu=" + Cpu],
        .. Framework is null ? Array.Empty<string>() : ["-p:LakeflowAotFramework=" + Framework],
    ];

    /// <summary>Puts the executable where it belongs in one move, so that one that runs just now is not written over.</summary>
    private static void Place(string made, string next, string target)
    {
        try
        {
            File.Copy(made, next);
            File.Move(next, target, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }

    private static Diagnostic? Missing()
    {
        try
        {
            var (exit, lines) = Start(Path.GetTempPath(), ["--list-sdks"], _ => { }, default);
            if (exit != 0 || lines.Count == 0) return NativeErrors.NoSdk("'dotnet' is here, but without an SDK.");
        }
        catch (Win32Exception)
        {
            return NativeErrors.NoSdk("there is no 'dotnet' on the PATH.");
        }

        // On Windows the linker is found by the build itself, which knows where Visual Studio keeps it.
        return OperatingSystem.IsWindows() || OnPath("clang") || OnPath("gcc") ? null : NativeErrors.NoLinker();
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    private static (int Exit, List<string> Lines) Start(string folder, string[] arguments, Action<string> tell, CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        var lines = new List<string>();
        void Take(string? line)
        {
            if (string.IsNullOrWhiteSpace(line)) return;
            lock (lines) lines.Add(line.Trim());
            tell(line);
        }

        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        stop.ThrowIfCancellationRequested();
        process.Start();
        process.StandardInput.Close();
        // Ctrl-C at a terminal has reached it, too: it may be gone already, which is as well.
        using (stop.Register(() => process.Kill(entireProcessTree: true)))
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
        }

        stop.ThrowIfCancellationRequested();
        return (process.ExitCode, lines);
    }

    private static void Tell(string line, Action<string> tell)
    {
        if (line.Contains("Determining projects to restore", StringComparison.Ordinal)) tell("Restoring packages");
        else if (line.Contains("Generating native code", StringComparison.Ordinal)) tell("Generating native code");
        else if (line.Contains(": warning ", StringComparison.Ordinal)) tell(Short(line.Trim()));
        else if (line.IndexOf(" -> ", StringComparison.Ordinal) is > 0 and var arrow && line.EndsWith(".dll", StringComparison.Ordinal)) tell("Compiled " + line[..arrow].Trim());
    }

    /// <summary>The errors, each once and without the build's own folder; if it gave none, its last lines.</summary>
    private static string Reason(List<string> lines, string work)
    {
        var errors = lines.Where(l => l.Contains("error", StringComparison.OrdinalIgnoreCase) && l.Contains(':', StringComparison.Ordinal)).Select(Short).Distinct(StringComparer.Ordinal).ToList();
        var shown = errors.Count > 0 ? errors.Take(LinesShown) : lines.TakeLast(LinesShown);
        var more = errors.Count > LinesShown ? $"\n  … and {errors.Count - LinesShown} more" : "";
        return string.Join('\n', shown.Select(l => "  " + l.Replace(work + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))) + more;
    }

    /// <summary>Without the project that MSBuild adds behind each error.</summary>
    private static string Short(string line) => line.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var at && line.EndsWith(']') ? line[..at] : line;
}
