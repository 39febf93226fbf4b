using System.Collections.Immutable;
using System.Security;
using System.Text;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Runtime.CommandLine;

namespace Lakeflow.Pipelines;

/// <summary>Writes a folder that <c>dotnet publish</c> turns into one native executable: the generated C#, an entry point, a project file.</summary>
/// <remarks>
/// The same text that <see cref="RoslynCompiler"/> compiles in process; no other code path. Properties of the project file, for <c>-p:</c>:
/// <c>LakeflowAotFramework</c> (net9.0; net10.0 where its native packages can be had), <c>LakeflowCpu</c> (<c>x86-64-v3</c>, processors
/// from about 2013 on; <c>native</c> for this machine's; <c>portable</c> for any), <c>LakeflowSource</c> (the folder of Lakeflow's own
/// projects; without it Lakeflow.Connect comes as a package).
/// </remarks>
public static class NativeProject
{
    private const string Settings = "Lakeflow.Native.targets";
    private const string ProcessorCheck = "Lakeflow.Native.c";

    /// <summary>The files of a checked project's binary.</summary>
    /// <param name="project">Its name and configuration are built in; mounts and lakehouse are given when the binary runs.</param>
    /// <param name="compiled">Compiled to code, without errors.</param>
    /// <param name="closure">The folder of Lakeflow's projects (<c>src</c>), or null to use packages.</param>
    public static ImmutableArray<GeneratedFile> Files(Project project, CompiledSources compiled, string? closure)
    {
        var physical = compiled.Physical ?? throw new ArgumentException("The project was not compiled to code.", nameof(compiled));
        var host = project.HostIn(AssemblyName(project), compiled);
        return
        [
            .. compiled.Code,
            HostEmitter.Emit(physical, host),
            HostEmitter.EmitExplanations(host),
            HostEmitter.EmitProgram(physical, host),
            new GeneratedFile(AssemblyName(project) + ".csproj", ProjectFile(AssemblyName(project), closure)),
            new GeneratedFile(Settings, BuiltIn(Settings)),
            new GeneratedFile(ProcessorCheck, BuiltIn(ProcessorCheck)),
        ];
    }

    /// <summary>Writes the files into a folder, which is made; C# that a former run generated there goes.</summary>
    /// <returns>The project file's path.</returns>
    public static string Write(string folder, Project project, CompiledSources compiled, string? closure)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*.g.cs")) File.Delete(old);
        foreach (var file in Files(project, compiled, closure)) File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
        return Path.Combine(folder, AssemblyName(project) + ".csproj");
    }

    /// <summary>The binary's name: the pipeline's, without what file systems or MSBuild take amiss.</summary>
    public static string AssemblyName(Project project)
    {
        var name = new StringBuilder();
        foreach (var c in project.Settings.Name) name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_');
        return name.ToString();
    }

    /// <summary>What C# projects with a pipeline get from Lakeflow.Sdk.</summary>
    private static string BuiltIn(string name)
    {
        using var text = new StreamReader(typeof(NativeProject).Assembly.GetManifestResourceStream(name)!);
        return text.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string ProjectFile(string name, string? closure)
    {
        var version = typeof(NativeProject).Assembly.GetName().Version ?? new Version(0, 1, 0);
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <!-- Written by lakeflow compile. dotnet publish -c Release makes one native executable of it. -->
              <PropertyGroup>
                <LakeflowAotFramework Condition="'$(LakeflowAotFramework)' == ''">net9.0</LakeflowAotFramework>
                <LakeflowSource Condition="'$(LakeflowSource)' == ''">{SecurityElement.Escape(closure?.Replace('\\', '/'))}</LakeflowSource>
                <TargetFramework>$(LakeflowAotFramework)</TargetFramework>
                <OutputType>Exe</OutputType>
                <AssemblyName>{name}</AssemblyName>
                <RootNamespace>Lakeflow.Generated</RootNamespace>
                <LangVersion>13</LangVersion>
                <Nullable>enable</Nullable>
                <ImplicitUsings>disable</ImplicitUsings>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <SatelliteResourceLanguages>en</SatelliteResourceLanguages>
                <Deterministic>true</Deterministic>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <PropertyGroup>
                <PublishAot>true</PublishAot>
                <UseCurrentRuntimeIdentifier Condition="'$(RuntimeIdentifier)' == ''">true</UseCurrentRuntimeIdentifier>
                <IlcTreatWarningsAsErrors>true</IlcTreatWarningsAsErrors>
                <!-- For net9.0 the SDK's own reference assemblies do; a runtime pack of its own for AOT is not needed. -->
                <PublishAotUsingRuntimePack Condition="'$(LakeflowAotFramework)' == 'net9.0'">false</PublishAotUsingRuntimePack>
              </PropertyGroup>
              <ItemGroup>
                <EmbeddedResource Include="{Explanation.Resource}" LogicalName="{Explanation.Resource}" />
              </ItemGroup>
              <Import Project="{Settings}" />
              <Target Name="DropAotRuntimePack" BeforeTargets="ProcessFrameworkReferences" Condition="'$(PublishAotUsingRuntimePack)' == 'false'">
                <ItemGroup>
                  <KnownRuntimePack Remove="@(KnownRuntimePack)" Condition="'%(KnownRuntimePack.RuntimePackLabels)' == 'NativeAOT'" />
                </ItemGroup>
              </Target>
              <ItemGroup Condition="'$(LakeflowSource)' != ''">
                <ProjectReference Include="$(LakeflowSource)/Lakeflow.Connect/Lakeflow.Connect.csproj" />
              </ItemGroup>
              <ItemGroup Condition="'$(LakeflowSource)' == ''">
                <PackageReference Include="Lakeflow.Connect" Version="{version.ToString(3)}" />
              </ItemGroup>
            </Project>

            """.ReplaceLineEndings("\n");
    }
}
