namespace Lakeflow.Delta.Tests;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder(string? name = null)
    {
        Root = Directory.CreateTempSubdirectory("lakeflow-delta-").FullName;
        Path = name is null ? Root : System.IO.Path.Combine(Root, name);
    }

    public string Root { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
