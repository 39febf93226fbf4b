namespace Lakeflow.Runtime.Kernels;

/// <summary>Numbers by pattern.</summary>
public static class NumberFormatKernels
{
    /// <summary>DECIMAL of the pattern's size.</summary>
    public static Int128 ToNumber(Utf8 text, NumberPattern pattern, int site)
    {
        var s = text.ToString();
        if (!pattern.TryParse(s, out var value))
            Throw.Raise(site, $"'{s}' does not match the pattern '{pattern.Text}'.", "INVALID_FORMAT.MISMATCH_INPUT", "Use try_to_number to get NULL instead.");
        return value;
    }

    public static bool TryToNumber(Utf8 text, NumberPattern pattern, out Int128 result) => pattern.TryParse(text.ToString(), out result);

    public static Utf8 ToText(Int128 value, NumberPattern pattern, int fromScale, scoped ref TextArena scratch) => scratch.Copy(pattern.Format(value, fromScale).AsSpan());
}
