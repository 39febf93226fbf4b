using Lakeflow.Runtime.Connectors;

namespace Lakeflow.Connect.Files.Json;

/// <summary>The json options of a scan, as the parser wants them.</summary>
internal sealed class JsonOptions(OptionValues options)
{
    public bool MultiLine { get; } = options.Boolean("multiLine");

    public bool AllowComments { get; } = options.Boolean("allowComments");

    public bool AllowSingleQuotes { get; } = options.Boolean("allowSingleQuotes");

    public bool AllowUnquotedNames { get; } = options.Boolean("allowUnquotedFieldNames");

    public bool AllowLeadingZeros { get; } = options.Boolean("allowNumericLeadingZeros");

    public bool AllowAnyEscape { get; } = options.Boolean("allowBackslashEscapingAnyCharacter");

    public bool AllowControlCharacters { get; } = options.Boolean("allowUnquotedControlChars");

    public bool AllowNonNumericNumbers { get; } = options.Boolean("allowNonNumericNumbers");

    public bool PrimitivesAsString { get; } = options.Boolean("primitivesAsString");

    public bool PrefersDecimal { get; } = options.Boolean("prefersDecimal");

    public bool DropFieldIfAllNull { get; } = options.Boolean("dropFieldIfAllNull");

    public bool InferTimestamp { get; } = options.Boolean("inferTimestamp");

    public bool CaseSensitive { get; } = options.Boolean("readerCaseSensitive");

    public byte[]? LineEnd { get; } = LineReader.EndOf(options);
}
