using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Lakeflow.Repo.Tests;

/// <summary>Who may reference whom: projects by their files, folders of the compiler by their using lines.</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Lakeflow.Arrow"] = [],
        ["Lakeflow.Parquet"] = ["Lakeflow.Arrow"],
        ["Lakeflow.Delta"] = ["Lakeflow.Parquet"],
        ["Lakeflow.Runtime"] = ["Lakeflow.Delta"],
        ["Lakeflow.Connect"] = ["Lakeflow.Runtime"],
        ["Lakeflow.Compiler"] = ["Lakeflow.Runtime"],
        ["Lakeflow.Pipelines"] = ["Lakeflow.Compiler", "Lakeflow.Connect"],
        ["Lakeflow.Sdk"] = ["Lakeflow.Pipelines"],
        ["Lakeflow.Cli"] = ["Lakeflow.Pipelines"],
    };

    /// <summary>Folders of the compiler in the order of a file's walk, and what each may use besides those in front of it.</summary>
    private static readonly Dictionary<string, string[]> CompilerFolders = new()
    {
        ["Syntax"] = ["Diagnostics"],
        ["Functions"] = ["Diagnostics"],
        ["Plans"] = ["Functions"],
        ["Graph"] = ["Plans", "Functions", "Diagnostics"],
        ["Catalog"] = ["Plans", "Functions", "Diagnostics"],
        ["Optimizer"] = ["Plans", "Functions", "Graph", "Diagnostics"],
        ["Physical"] = ["Plans", "Functions", "Graph", "Diagnostics"],
        ["Emit"] = ["Physical", "Plans", "Functions", "Graph", "Diagnostics"],
    };

    [Fact]
    public void Projects_reference_only_what_the_architecture_allows()
    {
        var wrong = new List<string>();
        foreach (var file in Repository.Files("src", "*.csproj"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.True(MayReference.ContainsKey(name), $"{name} is not in the table of projects");
            var references = XDocument.Load(Path.Combine(Repository.Root, file)).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            wrong.AddRange(references.Where(r => !MayReference[name].Contains(r)).Select(r => $"{name} → {r}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Folders_of_the_compiler_use_only_what_comes_before_them()
    {
        var wrong = new List<string>();
        foreach (var (folder, allowed) in CompilerFolders)
        {
            foreach (var file in Repository.Files($"src/Lakeflow.Compiler/{folder}", "*.cs"))
            {
                foreach (Match use in Regex.Matches(Repository.Read(file), @"^using Lakeflow\.Compiler\.(\w+)", RegexOptions.Multiline))
                {
                    var used = use.Groups[1].Value;
                    if (used != folder && !allowed.Contains(used)) wrong.Add($"{file} uses {used}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_one_project_touches_each_heavy_package()
    {
        var users = Repository.Files("src", "*.csproj")
            .SelectMany(f => XDocument.Load(Path.Combine(Repository.Root, f)).Descendants("PackageReference")
                .Select(p => (Package: p.Attribute("Include")!.Value, Project: Path.GetFileNameWithoutExtension(f))))
            .ToLookup(p => p.Package, p => p.Project);
        Assert.Equal(["Lakeflow.Compiler"], users["Antlr4.Runtime.Standard"]);
        Assert.Equal(["Lakeflow.Pipelines"], users["Microsoft.CodeAnalysis.CSharp"]);
    }
}
