namespace Lakeflow.Delivery.Tests;

/// <summary>The pipeline tests through a native executable: each update by the binary, each table compared with that of the update in process.</summary>
[Collection(PackageFeed.Users)]
public sealed class NativeCaseTests(NativeCases native) : IClassFixture<NativeCases>
{
    /// <summary>Tests with updates that a binary cannot do, and why: everything else runs.</summary>
    private static readonly Dictionary<string, string> NotBuilt = new()
    {
        ["tests/pipelines/layers/edit.test"] = "one of its edits is refused by the compiler: of that text there is no binary",
    };

    [NativeFact(fromPackages: true)]
    public void A_CSharp_project_publishes_a_native_executable_without_a_warning()
    {
        var (exit, output, error) = Tool.Run(native.Folder.Length == 0 ? Path.GetDirectoryName(native.Binary)! : native.Folder, native.Binary, "--version");
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("shop (Lakeflow ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", native.Said, StringComparison.OrdinalIgnoreCase);
        var ran = Tool.Run(native.Folder, native.Binary, "run");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Assert.Contains("orders COMPLETED read 5 written 4 dropped 1 failed 2", ran.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(native.Binary)!, "Lakeflow.Runtime.dll")));
    }

    [NativeFact(fromPackages: true)]
    public void Pipelines_do_natively_what_their_tests_say_and_their_tables_are_those_of_lakeflow_run_bit_for_bit()
    {
        var binary = native.Binary;

        Assert.Empty(native.Cases.SelectMany(c => c.Again(binary)));

        Assert.Equal(NotBuilt.Keys, native.Cases.Where(c => c.Refused > 0).Select(c => c.Name));
        Assert.InRange(native.Pipelines, 10, 1000);
    }
}
