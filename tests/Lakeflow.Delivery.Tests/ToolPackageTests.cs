namespace Lakeflow.Delivery.Tests;

/// <summary>The tool's package, installed as a user installs it: into an empty folder, with empty caches.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_installed_tool_makes_a_project_and_runs_it()
    {
        var packages = Path.Combine(folder, "packages");
        var (exit, output, error) = Tool.Run(folder, "dotnet", "pack", Path.Combine(Checkout.Root, "src", "Lakeflow.Cli"), "--no-build", "-c", Checkout.Configuration, "-o", packages, "--nologo");
        Assert.True(exit == 0, output + error);
        var package = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(packages, "Lakeflow.Cli.*.nupkg")));

        // The package holds all that it needs: no other source is asked.
        Done("dotnet", "tool", "install", "Lakeflow.Cli", "--version", package["Lakeflow.Cli.".Length..], "--source", packages, "--tool-path", Path.Combine(folder, "tools"));

        var lakeflow = Path.Combine(folder, "tools", OperatingSystem.IsWindows() ? "lakeflow.exe" : "lakeflow");
        Done(lakeflow, "init", "demo");
        Assert.Contains("orders COMPLETED read 5 written 4 dropped 1", Done(lakeflow, "run", "demo"), StringComparison.Ordinal);
        Assert.Equal("customer,gross\nada,140.4\n", Done(lakeflow, "sql", "-C", "demo", "-o", "csv", "SELECT * FROM best_customers").ReplaceLineEndings("\n"));
        Assert.Contains("Nothing new", Done(lakeflow, "run", "demo"), StringComparison.Ordinal);
    }

    private string Done(string program, params ReadOnlySpan<string> arguments)
    {
        var (exit, output, error) = Tool.Run(
            folder, program, new() { ["NUGET_PACKAGES"] = Path.Combine(folder, "nuget"), ["LAKEFLOW_CACHE"] = Path.Combine(folder, "cache"), ["DOTNET_CLI_HOME"] = folder }, arguments);
        Assert.True(exit == 0, output + error);
        return output;
    }
}
