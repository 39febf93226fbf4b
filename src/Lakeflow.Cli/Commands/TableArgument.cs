using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Commands;

/// <summary>A table of the lakehouse, named on the command line.</summary>
internal static class TableArgument
{
    /// <summary>Opens <c>t</c>, <c>schema.t</c>, <c>catalog.schema.t</c>, or <c>event_log</c>; or ends the command with the nearest name.</summary>
    public static (string Name, IObjectStore Store) Open(Project project, string name)
    {
        var lakehouse = project.OpenLakehouse();
        if (name.Equals("event_log", StringComparison.OrdinalIgnoreCase)) return ("event_log", EventLogOf(lakehouse));
        var tables = LakehouseTables.List(project.Settings.Lakehouse);
        var found = tables.Where(t => Ends(t.ToString(), name)).ToList();
        if (found.Count > 1) found = [.. found.Where(t => t == new QualifiedName(project.Settings.Catalog, project.Settings.Schema, name))];
        if (found.Count == 1) return (found[0].ToString(), lakehouse.Table(found[0]));
        var known = tables.Select(t => t.Name).Distinct().ToList();
        throw new CommandStop(ExitCode.Usage, known.Count == 0 ? ToolErrors.NothingToRead("table") : ToolErrors.UnknownDataset(name, Nearest.To(name, known), known));
    }

    private static IObjectStore EventLogOf(Lakehouse lakehouse) => lakehouse.EventLog();

    private static bool Ends(string full, string name) =>
        full.Equals(name, StringComparison.OrdinalIgnoreCase) || full.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
}
