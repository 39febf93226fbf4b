using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Runtime.Diagnostics.Severity;

namespace Lakeflow.Compiler.Diagnostics;

/// <summary>LF1xxx – the text does not parse, or parses with a reservation.</summary>
internal static class SyntaxErrors
{
    public static Diagnostic NotUtf8(SourceSpan at, bool hasZeros) => new(
        "LF1002", Error, at, "This file is not UTF-8 text.",
        hasZeros ? "It looks like UTF-16 or a binary file; save it as UTF-8." : "Save it as UTF-8.");
}
