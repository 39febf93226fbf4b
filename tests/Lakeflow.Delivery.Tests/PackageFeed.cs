namespace Lakeflow.Delivery.Tests;

/// <summary>The packages of this checkout in a feed of their own, and a folder outside of the repository to use them from. Made once for all tests.</summary>
public sealed class PackageFeed : IDisposable
{
    /// <summary>The tests that share it.</summary>
    public const string Users = "users of the packages";

    public PackageFeed()
    {
        var packages = Path.Combine(Folder, "feed");
        Variables = new()
        {
            ["NUGET_PACKAGES"] = Path.Combine(Folder, "nuget"),
            ["DOTNET_CLI_HOME"] = Path.Combine(Folder, "home"),
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["LAKEFLOW_CACHE"] = Path.Combine(Folder, "cache"),
            // A node that outlives its test would keep files of the folder open.
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };
        // What is packed is what was built.
        string[] words =
        [
            "msbuild", Path.Combine(Checkout.Root, "src", "packages.proj"), "-p:Configuration=" + Checkout.Configuration, "-p:Feed=" + packages, "-p:NoBuild=true", "-v:q", "-nologo",
            .. Checkout.IsPartial ? ["-p:LakeflowFast=true"] : Array.Empty<string>(),
        ];
        var (exit, output, error) = Tool.Run(Folder, "dotnet", words);
        Assert.True(exit == 0, output + error);
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), """
            <configuration>
              <packageSources><clear /><add key="checkout" value="feed" /></packageSources>
            </configuration>
            """);
    }

    /// <summary>Outside of the repository, so that nothing of it applies.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("lakeflow").FullName;

    /// <summary>Variables for what is run: empty caches, and nothing that outlives it.</summary>
    public Dictionary<string, string> Variables { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Runs a program below the folder; <c>lakeflow</c> is the one of this checkout.</summary>
    public (int Exit, string Out) Run(string folder, params string[] words)
    {
        var (program, arguments) = words[0] == "lakeflow" ? ("dotnet", [Path.Combine(AppContext.BaseDirectory, "lakeflow.dll"), .. words[1..]]) : (words[0], words[1..]);
        var (exit, output, error) = Tool.Run(Path.Combine(Folder, folder), program, Variables, arguments);
        return (exit, (output + error).ReplaceLineEndings("\n"));
    }

    /// <summary>Lets projects of a folder take from the packages of this machine what is not ours, as there is the framework before the SDK's own.</summary>
    public static void AddPackagesOfMachine(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="machine" value="{Checkout.MachinePackages}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="checkout"><package pattern="Lakeflow.*" /></packageSource>
                <packageSource key="machine"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
    }

    /// <summary>A copy of an example, as a user has it.</summary>
    /// <param name="example">Its folder below docs/examples.</param>
    /// <param name="name">The copy's folder.</param>
    public string Copy(string example, string name)
    {
        var from = Path.Combine(Checkout.Root, "docs", "examples", example);
        var to = Path.Combine(Folder, name);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(from, file);
            if (path.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj" or "lakehouse" or ".template.config") continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, path))!);
            File.Copy(file, Path.Combine(to, path));
        }

        return to;
    }
}

[CollectionDefinition(PackageFeed.Users)]
public sealed class PackageFeedUsers : ICollectionFixture<PackageFeed>;
