using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Lakeflow.Sdk;

/// <summary>The C# of some source files, in an assembly of its own: a change to one file compiles its part again and no other.</summary>
/// <remarks>No part refers to another: what a flow knows of the tables it reads is in its own text, which changes when they do.</remarks>
internal static class Part
{
    /// <summary>A project below this many files is one assembly.</summary>
    private const int FewFiles = 32;

    /// <summary>Small enough to be compiled within a second, large enough that a program is no heap of assemblies.</summary>
    private const int FilesEach = 8;

    /// <summary>How many parts a project has; 0 for a project that is one assembly.</summary>
    /// <param name="asked">The property <c>LakeflowParts</c>: a number, or <c>auto</c> for a power of two, so that it doubles seldom.</param>
    /// <param name="files">Source files.</param>
    public static int Count(string asked, int files) =>
        asked != "auto" ? int.Parse(asked, CultureInfo.InvariantCulture) : files < FewFiles ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)(files / FilesEach));

    /// <summary>The part of a source file. It goes by the path alone, so that files that come and go move no other.</summary>
    /// <param name="source">The file's path in the project, with '/'.</param>
    /// <param name="parts">How many parts there are.</param>
    public static int Of(string source, int parts) => (int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(source))) % (uint)parts);

    /// <summary>The name of a part's assembly.</summary>
    public static string AssemblyName(string assembly, int part) => string.Create(CultureInfo.InvariantCulture, $"{assembly}.Part{part:00}");
}
