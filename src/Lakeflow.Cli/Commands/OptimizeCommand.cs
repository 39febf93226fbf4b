using System.CommandLine;
using System.Globalization;
using Lakeflow.Delta;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow optimize &lt;table&gt;</c>: lays its small files together.</summary>
internal static class OptimizeCommand
{
    public static Command Make(ProjectOptions projects)
    {
        var table = new Argument<string>("table") { Description = "A table of the lakehouse" };
        var command = new Command("optimize", "Lay a table's small files together") { table };
        command.SetAction(parsed => Door.Run(projects.Terminal, "laying a table's files together", () =>
        {
            var (name, store) = TableArgument.Open(projects.Open(parsed), parsed.GetRequiredValue(table));
            var done = new Optimize { Workers = Environment.ProcessorCount }.Run(store);
            projects.Terminal.Out.WriteLine(done.FilesBefore == 0
                ? $"{name}: nothing to lay together."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: {done.FilesBefore:N0} files ({done.BytesBefore:N0} bytes) laid together as {done.FilesAfter:N0} ({done.BytesAfter:N0} bytes), version {done.Version}."));
            return ExitCode.Done;
        }));
        return command;
    }
}
