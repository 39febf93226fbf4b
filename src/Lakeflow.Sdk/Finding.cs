using System.Globalization;

namespace Lakeflow.Sdk;

/// <summary>What the working process says to the build: one line each, so that a text is in one piece whatever stands in it.</summary>
/// <param name="Kind"><see cref="Error"/>, <see cref="Warning"/>, <see cref="News"/> or anything else for a note.</param>
/// <param name="Code"><c>LFxxxx</c> or <c>CSxxxx</c>.</param>
/// <param name="File">Absolute.</param>
/// <param name="EndLine">0, as <paramref name="EndColumn"/>, for a place without a width, which is printed as <c>file(line,col)</c>.</param>
internal sealed record Finding(string Kind, string Code, string File, int Line, int Column, int EndLine, int EndColumn, string Text)
{
    public const string Error = "error";
    public const string Warning = "warning";

    /// <summary>Something that a user wants to be told in any case.</summary>
    public const string News = "news";

    /// <summary>The line behind the last one.</summary>
    public const string End = "end";

    private const char Between = '\t';

    public static Finding Parse(string line)
    {
        var parts = line.Split(Between);
        return new Finding(parts[0], parts[1], Plain(parts[2]), Number(parts[3]), Number(parts[4]), Number(parts[5]), Number(parts[6]), Plain(parts[7]));
    }

    public override string ToString() => string.Join(Between, Kind, Code, Escaped(File), Of(Line), Of(Column), Of(EndLine), Of(EndColumn), Escaped(Text));

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    private static string Plain(string text) => Uri.UnescapeDataString(text);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
