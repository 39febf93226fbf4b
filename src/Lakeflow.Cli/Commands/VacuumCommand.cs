using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow vacuum &lt;table&gt;</c>: deletes the files that no retained version needs, those of its flows' state among them.</summary>
internal static class VacuumCommand
{
    public static Command Make(ProjectOptions projects)
    {
        var table = new Argument<string>("table") { Description = "A table of the lakehouse" };
        var retain = new Option<TimeSpan?>("--retain")
        {
            Description = "How long versions stay readable: 30d, 200h; the table's own retention by default",
            CustomParser = Duration,
        };
        var dry = new Option<bool>("--dry-run") { Description = "Only tell what would be deleted" };
        var command = new Command("vacuum", "Delete the files of a table that no retained version needs") { table, retain, dry };
        command.SetAction(parsed => Door.Run(projects.Terminal, "deleting a table's old files", () =>
        {
            var project = projects.Open(parsed);
            var (name, store) = TableArgument.Open(project, parsed.GetRequiredValue(table));
            var isDry = parsed.GetValue(dry);
            foreach (var (of, result) in TableCare.Vacuum(project.OpenLakehouse(), name, store, parsed.GetValue(retain), isDry))
            {
                if (isDry)
                {
                    foreach (var file in result.Files) projects.Terminal.Out.WriteLine(file.Path);
                }

                projects.Terminal.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{of}: {result.Files.Length:N0} files ({result.Bytes:N0} bytes) {(isDry ? "would be deleted" : "deleted")}."));
            }

            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary><c>12h</c>, <c>7d</c>; a number alone is hours, as in SQL's VACUUM.</summary>
    private static TimeSpan? Duration(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value.Trim().ToLowerInvariant();
        var (number, hours) = text.EndsWith('d') ? (text[..^1], 24) : text.EndsWith('h') ? (text[..^1], 1) : (text, 1);
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return TimeSpan.FromHours((double)count * hours);
        argument.AddError($"'{text}' is no time: write hours or days, as in 200h or 30d");
        return null;
    }
}
