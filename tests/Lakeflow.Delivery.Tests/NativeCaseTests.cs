namespace Lakeflow.Delivery.Tests;

/// <summary>The pipeline tests through a native executable: each update by the binary, each table compared with that of the update in process.</summary>
[Collection(PackageFeed.Users)]
public sealed partial class NativeCaseTests(NativeCases native) : IClassFixture<NativeCases>
{
    /// <summary>Tests with updates that a binary cannot do, and why: everything else runs.</summary>
    private static readonly Dictionary<string, string> NotBuilt = new()
    {
        ["tests/pipelines/layers/edit.test"] = "one of its edits is refused by the compiler: of that text there is no binary",
    };

    [NativeFact("net10.0")]
    public void Every_command_of_the_page_makes_a_native_executable_of_a_CSharp_project_without_a_warning()
    {
        var (exit, output, error) = Tool.Run(Path.GetDirectoryName(native.Binary)!, native.Binary, "--version");
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("shop (Lakeflow ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", native.Said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(7, native.Commands);
    }

    [NativeFact("net10.0")]
    public void Parts_and_methods_of_a_referenced_project_are_in_the_executable()
    {
        var bin = Path.GetDirectoryName(native.Binary)!;
        var parts = Path.Combine(native.Folder, "obj", "Release", "net10.0", "linux-x64", "lakeflow", "lakeflow.parts");
        Assert.InRange(File.ReadAllLines(parts).Length, 2, 3);
        Assert.Empty(Directory.GetFiles(bin, "*.dll"));

        Assert.Contains("receipts COMPLETED read 0 written 2 dropped 1 failed 1", native.Filled, StringComparison.Ordinal);
        Assert.Equal("id,customer,gross\n1,Kari,125.00\n2,guest,11.90\n", Rows("receipts"));
    }

    [NativeFact("net10.0")]
    public void On_a_processor_that_lacks_instructions_it_says_so_and_does_nothing()
    {
        // One that asks for everything that any processor could have.
        var greedy = native.Binary + "-greedy";
        File.Copy(native.Binary, greedy);
        ElfSymbol.Write(greedy, "g_requiredCpuFeatures", -1);
        var (exit, output, error) = Tool.Run(native.Folder, greedy, "--version");
        Assert.Equal((3, ""), (exit, output));
        Assert.Equal(
            "error LF0074: This processor lacks instructions that the program was built for (portable). Build it for any processor: lakeflow build --cpu portable, "
            + "or dotnet publish -p:LakeflowCpu=portable.\n",
            error);
    }

    [NativeFact("net10.0")]
    public void Pipelines_do_natively_what_their_tests_say_and_their_tables_are_those_of_lakeflow_run_bit_for_bit()
    {
        var binary = native.Binary;

        Assert.Empty(native.Cases.SelectMany(c => c.Again(binary)));

        Assert.Equal(NotBuilt.Keys, native.Cases.Where(c => c.Refused > 0).Select(c => c.Name));
        Assert.InRange(native.Pipelines, 10, 1000);
    }

    /// <summary>A table of the project's lakehouse.</summary>
    private string Rows(string table)
    {
        var (exit, output, error) = Tool.Run(native.Folder, Tool.Host, ["exec", Tool.Lakeflow, "sql", $"SELECT * FROM delta.`{Path.Combine(native.Folder, "lakehouse", "main", "shop", table)}` ORDER BY id", "-o", "csv"]);
        Assert.True(exit == 0, error);
        return output.ReplaceLineEndings("\n");
    }
}
