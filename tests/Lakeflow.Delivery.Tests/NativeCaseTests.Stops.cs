using Lakeflow.Cli.Tests.Processes;

namespace Lakeflow.Delivery.Tests;

/// <summary>How an executable ends when it is told to: as <c>lakeflow run</c> does.</summary>
public sealed partial class NativeCaseTests
{
    [NativeFact("net10.0")]
    public void Stopped_by_a_signal_it_ends_with_130_and_the_table_as_it_was()
    {
        var binary = native.Binary;
        foreach (var signal in (string[])["-INT", "-TERM", "-QUIT"])
        {
            var lakehouse = Path.Combine(native.Folder, "stopped" + signal);
            using var run = new StartedProcess(binary, "case", native.Slow, "run", "--lakehouse", lakehouse);
            Until(run, " RUNNING");
            run.Signal(signal);
            var output = run.Out.ReadToEnd();
            Assert.Equal("", run.Errors);
            Assert.Equal(130, run.WaitForExit());
            Assert.Contains("t STOPPED", output, StringComparison.Ordinal);
            Assert.EndsWith("Stopped. What was committed stays; the next run goes on from there.\n", output, StringComparison.Ordinal);
            var table = Path.Combine(lakehouse, "main", "default", "t");
            Assert.Equal(["00000000000000000000.json"], Directory.GetFiles(Path.Combine(table, "_delta_log")).Select(f => Path.GetFileName(f)!));
            Assert.Empty(Directory.GetFiles(table));
        }
    }

    [NativeFact("net10.0")]
    public void A_pipeline_that_its_project_says_is_continuous_takes_files_as_they_come_and_ends_well_at_a_signal()
    {
        var binary = native.Binary;
        var root = Path.Combine(native.Folder, "steady");
        Directory.CreateDirectory(Path.Combine(root, "in"));
        File.WriteAllText(Path.Combine(root, "in", "1.csv"), "id\n1\n");
        using (var run = new StartedProcess(binary, "case", native.Steady, "run", "--root", root))
        {
            Until(run, "COMPLETED read 1 ");
            // A file that is being written is not one to read: it comes into the folder whole.
            File.WriteAllText(Path.Combine(root, "in", "_2.csv"), "id\n2\n3\n");
            File.Move(Path.Combine(root, "in", "_2.csv"), Path.Combine(root, "in", "2.csv"));
            Until(run, "COMPLETED read 2 ");
            run.Signal("-TERM");
            Assert.Equal("", run.Errors);
            Assert.Equal(0, run.WaitForExit());
        }

        // Once, if one says so.
        var (exit, output, error) = Tool.Run(root, binary, "case", native.Steady, "run", "--triggered");
        Assert.Equal((0, ""), (exit, error));
        Assert.EndsWith("nothing new\n", output, StringComparison.Ordinal);
    }

    private static void Until(StartedProcess run, string text)
    {
        while (run.Out.ReadLine() is { } line && !line.Contains(text, StringComparison.Ordinal))
        {
        }
    }
}
