using System.CommandLine;
using System.Globalization;
using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.State;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow clean</c>: removes tables of the lakehouse that the pipeline no longer declares, after asking.</summary>
internal static class CleanCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var command = new Command("clean", "Remove tables that the pipeline no longer declares") { yes };
        command.SetAction(parsed => Door.Run(projects.Terminal, "cleaning the lakehouse",
            () => Run(projects.Terminal, projects.Open(parsed), parsed.GetValue(yes))));
        return command;
    }

    /// <summary>State of generations before the present one: a full refresh begins a new one, and nobody goes back.</summary>
    private static void RemoveOldState(Terminal terminal, Project project, IEnumerable<QualifiedName> tables)
    {
        var lakehouse = project.OpenLakehouse();
        foreach (var table in tables)
        {
            var state = Path.Combine([project.Settings.Lakehouse, "_lakeflow", "state", .. Lakehouse.PathOf(table).Split('/')]);
            if (!Directory.Exists(state) || !Snapshot.TryOpen(lakehouse.Table(table), out var snapshot)) continue;
            var flows = TableState.Read(lakehouse, table.ToString(), snapshot).Flows.Select(f => f.Record).ToList();
            foreach (var folder in Directory.EnumerateDirectories(state))
            {
                var flow = flows.Find(f => FlowRecord.FolderOf(f.Flow) == Path.GetFileName(folder));
                foreach (var generation in flow is null ? [] : Directory.EnumerateDirectories(folder))
                {
                    if (!int.TryParse(Path.GetFileName(generation), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= flow!.Generation) continue;
                    Directory.Delete(generation, recursive: true);
                    terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Removed the state of {flow.Flow} from before its last full refresh (generation {number})"));
                }
            }
        }
    }

    /// <summary>Files that runs which died or rows that went have left in tables that stay: another command deletes them.</summary>
    private static void TellOfOldFiles(Terminal terminal, Project project, IEnumerable<QualifiedName> tables)
    {
        var lakehouse = project.OpenLakehouse();
        foreach (var table in tables.OrderBy(t => t.ToString(), StringComparer.Ordinal))
        {
            if (!Snapshot.TryOpen(lakehouse.Table(table), out var snapshot)) continue;
            var results = TableCare.Vacuum(lakehouse, table.ToString(), snapshot.Store, isDry: true).Select(r => r.Result).ToList();
            var files = results.Sum(r => r.Files.Length);
            if (files == 0) continue;
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{table} has {files} files ({results.Sum(r => r.Bytes) >> 10} kB) that no version needs; lakeflow vacuum {table.Name} deletes them"));
        }
    }

    private static int Run(Terminal terminal, Project project, bool yes)
    {
        var compiled = Session.Of(project).Check();
        terminal.Tell(compiled.Diagnostics.Where(d => d.IsError), compiled.Sources);
        // With mistakes in the text it cannot be told what is declared.
        if (compiled.HasErrors || compiled.Result is null) return ExitCode.Usage;
        var declared = compiled.Result.Graph.Datasets.Select(d => d.Name).ToHashSet();
        var lakehouse = project.OpenLakehouse();
        var others = LakehouseTables.List(project.Settings.Lakehouse).Where(t => !declared.Contains(t))
            .ToLookup(t => Snapshot.TryOpen(lakehouse.Table(t), out var table) && TableOrigin.Of(table)?.IsOf(project.Settings.Name) == false);
        var orphans = others[false].ToList();
        foreach (var table in others[true]) terminal.Out.WriteLine($"{table} is another pipeline's and stays");
        RemoveOldState(terminal, project, declared);
        TellOfOldFiles(terminal, project, declared);
        if (orphans.Count == 0)
        {
            terminal.Out.WriteLine(others[true].Any() ? "Nothing to remove: every other table in the lakehouse is declared." : "Nothing to remove: every table in the lakehouse is declared.");
            return ExitCode.Done;
        }

        terminal.Out.WriteLine("Not declared by the pipeline:");
        foreach (var table in orphans) terminal.Out.WriteLine($"  {table}");
        if (!yes && !terminal.IsInteractive) throw new CommandStop(ExitCode.Usage, ToolErrors.NeedsYes("Removing tables"));
        if (!yes && !terminal.Confirm("Remove them and their rows?")) return ExitCode.Done;
        foreach (var table in orphans)
        {
            Directory.Delete(Path.Combine([project.Settings.Lakehouse, .. Lakehouse.PathOf(table).Split('/')]), recursive: true);
            var state = Path.Combine([project.Settings.Lakehouse, "_lakeflow", "state", .. Lakehouse.PathOf(table).Split('/')]);
            if (Directory.Exists(state)) Directory.Delete(state, recursive: true);
            terminal.Out.WriteLine($"Removed {table}");
        }

        return ExitCode.Done;
    }
}
