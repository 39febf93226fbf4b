namespace Lakeflow.Delivery.Tests;

/// <summary>Does what a page says as a shell would: one command after the other, from an empty folder. <c>~/lakeflow</c> is this checkout, <c>lakeflow</c> the command as it was built.</summary>
/// <param name="folder">Where it begins; <c>cd</c> goes on from there.</param>
/// <param name="environment">Variables to set.</param>
internal sealed class PageRun(string folder, Dictionary<string, string> environment)
{
    /// <summary>Where it is now.</summary>
    public string Folder { get; private set; } = folder;

    /// <summary>What each command said, by its first two words; of several the last.</summary>
    public Dictionary<string, string> Said { get; } = [];

    /// <returns>Both streams.</returns>
    public string Run(string[] words)
    {
        words = [.. words.Select(w => w.Replace("~/lakeflow", Checkout.Root, StringComparison.Ordinal))];
        if (words is ["cd", var to])
        {
            Folder = Path.GetFullPath(to, Folder);
            return "";
        }

        // What is packed is what was built with these tests.
        if (words is ["dotnet", "pack", ..] || words.Contains(ReadyToRunTests.Platform))
        {
            string[] asBuilt = !words.Contains(ReadyToRunTests.Platform) ? ["--no-build"] : words[1] == "pack" ? ["--no-restore", .. ReadyToRunTests.AsBuilt] : ReadyToRunTests.AsBuilt;
            words = [.. words.Select(w => w == "Release" ? Checkout.Configuration : w), .. asBuilt];
        }

        var (program, arguments) = words[0] switch
        {
            "lakeflow" => (Tool.Host, ["exec", Tool.Lakeflow, .. words[1..]]),
            ['.', '/', ..] => (Path.GetFullPath(words[0] + (OperatingSystem.IsWindows() ? ".exe" : ""), Folder), words[1..]),
            _ => (words[0], words[1..]),
        };
        var (exit, output, error) = Tool.Run(Folder, program, environment, arguments);
        var said = (output + error).ReplaceLineEndings("\n");
        Assert.True(exit == 0, $"{string.Join(' ', words)}\n{said}");
        Said[string.Join(' ', words.Take(2))] = said;
        return said;
    }

    public void Write(string file, string text)
    {
        var path = Path.GetFullPath(file, Folder);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
