using Lakeflow.Cli.Tests.Repl;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary><c>lakeflow run</c> at a terminal.</summary>
public sealed class RunTerminalTests
{
    private static readonly (string, string)[] Project =
    [
        ("lakeflow.yml", "name: t\n"), ("t.lfsql", "CREATE MATERIALIZED VIEW t AS SELECT id FROM range(0, 3);\n"),
    ];

    [TerminalFact]
    public void A_window_of_eighty_columns_shows_a_table_that_is_redrawn()
    {
        using var terminal = new TerminalRig(80, 24, Project, "run", prompts: false);
        terminal.WaitForText("rows/s");
        terminal.WaitForText("completed");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [TerminalFact]
    public void One_of_twenty_gets_a_line_for_each_flow()
    {
        using var terminal = new TerminalRig(20, 60, Project, "run", prompts: false);
        terminal.WaitForText(" t COMPLETED");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.DoesNotContain("rows/s", terminal.Screen.ToString(), StringComparison.Ordinal);
    }
}
