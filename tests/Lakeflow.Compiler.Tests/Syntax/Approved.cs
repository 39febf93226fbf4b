using System.Runtime.CompilerServices;

namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>Compares text with an approved file beside the test, named as Verify names it.</summary>
/// <remarks>A difference writes <c>X.received.txt</c>; approve it by renaming it to <c>X.verified.txt</c>, or run with LAKEFLOW_APPROVE=1 and read the diff.</remarks>
internal static class Approved
{
    public static void Verify(string actual, string name, [CallerFilePath] string test = "")
    {
        var stem = Path.Combine(Path.GetDirectoryName(test)!, $"{Path.GetFileNameWithoutExtension(test)}.{name}");
        var (verified, received) = (stem + ".verified.txt", stem + ".received.txt");
        actual = actual.Replace("\r\n", "\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("LAKEFLOW_APPROVE") == "1")
        {
            File.WriteAllText(verified, actual);
            return;
        }

        var expected = File.Exists(verified) ? File.ReadAllText(verified).Replace("\r\n", "\n") : "";
        if (expected == actual)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual);
        Assert.Equal(expected, actual);
    }
}
