using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>LF0061, LF0070–LF0073 – building a native binary. One method a code.</summary>
public static class NativeErrors
{
    public static Diagnostic OutputIsFile(string path) => new(
        "LF0061", Severity.Error, SourceSpan.None, $"{path} is a file, and the executable goes into a folder.", "Name a folder with -o; the executable has the name of the pipeline.");

    public static Diagnostic TargetIsFolder(string path) => new(
        "LF0061", Severity.Error, SourceSpan.None, $"{path} is a folder, and the executable would have that name.", "Name another folder with -o.");

    public static Diagnostic NoSdk(string why) => new(
        "LF0070", Severity.Error, SourceSpan.None, $"Building a binary needs the .NET SDK: {why}",
        "Install the SDK (https://dotnet.microsoft.com/download), or write the C# with 'lakeflow compile' and build it where there is one.");

    public static Diagnostic NoLinker() => new(
        "LF0071", Severity.Error, SourceSpan.None, "Building a binary needs a C compiler, which links it: neither clang nor gcc is on the PATH.",
        OperatingSystem.IsMacOS() ? "Install the command line tools: xcode-select --install." : "Install one, with the headers of zlib: apt-get install gcc zlib1g-dev, or dnf install gcc zlib-devel.");

    /// <param name="why">The errors of the build, or its last lines.</param>
    public static Diagnostic PublishFailed(int exit, string why) => new(
        "LF0072", Severity.Error, SourceSpan.None, $"'dotnet publish' failed (exit code {exit}):\n{why}\nA binary that was made before is as it was.",
        "A package that is not found: add its feed to the nuget.config of the project, or name Lakeflow's sources with --closure. Anything else: 'lakeflow compile' writes what was built.");

    public static Diagnostic NoClosure(string folder) => new(
        "LF0073", Severity.Error, SourceSpan.None, $"{folder} does not hold Lakeflow's own projects: there is no Lakeflow.Connect/Lakeflow.Connect.csproj in it.",
        "Name the folder 'src' of a checkout, or leave --closure out to build against the package Lakeflow.Connect.");
}
