using System.Runtime.CompilerServices;
using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A compiled LIKE pattern: <c>%</c> any run, <c>_</c> one code point, an escape character before either for itself.</summary>
/// <remarks>Patterns without <c>_</c> are searches of their fixed parts; the most frequent shapes (<c>x</c>, <c>x%</c>, <c>%x</c>, <c>%x%</c>) take one search.</remarks>
public sealed class LikePattern : ICompiledText<LikePattern>
{
    private enum Shape
    {
        Equal,
        Prefix,
        Suffix,
        Contains,
        General,
    }

    private readonly Shape shape;
    private readonly byte[] literal;

    // The general form, one entry a pattern character: a byte, or AnyRun, or AnyOne.
    private const short AnyRun = -1;
    private const short AnyOne = -2;
    private readonly short[] items;

    private LikePattern(List<short> items)
    {
        this.items = [.. items];
        var middle = items.SkipWhile(i => i == AnyRun).Reverse().SkipWhile(i => i == AnyRun).Reverse().ToArray();
        literal = [.. middle.Select(i => (byte)i)];
        var (open, close) = (items.Count > 0 && items[0] == AnyRun, items.Count > 0 && items[^1] == AnyRun);
        shape = middle.Any(i => i < 0) ? Shape.General
            : open && close ? Shape.Contains
            : open ? Shape.Suffix
            : close ? Shape.Prefix
            : Shape.Equal;
    }

    /// <summary>With <c>\</c> as the escape.</summary>
    public static LikePattern Compile(string text) => CompileWith(text, '\\');

    /// <summary>An escape that stands before something else, or last, stands for itself.</summary>
    public static LikePattern CompileWith(string text, char escape)
    {
        var items = new List<short>();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == escape && i + 1 < text.Length && (text[i + 1] is '%' or '_' || text[i + 1] == escape)) Literal(items, text, ref i, skip: 1);
            else if (c == '%') items.Add(AnyRun);
            else if (c == '_') items.Add(AnyOne);
            else Literal(items, text, ref i, skip: 0);
        }

        return new LikePattern(items);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ReadOnlySpan<byte> text) => shape switch
    {
        Shape.Contains => text.IndexOf(literal) >= 0,
        Shape.Prefix => text.StartsWith(literal),
        Shape.Suffix => text.EndsWith(literal),
        Shape.Equal => text.SequenceEqual(literal),
        _ => MatchesGeneral(text),
    };

    /// <summary>The text that a row must contain, if the pattern is <c>%text%</c>: for a search of a whole column at once. Else empty.</summary>
    public ReadOnlySpan<byte> ContainedText => shape == Shape.Contains ? literal : default;

    private static void Literal(List<short> items, string text, ref int i, int skip)
    {
        i += skip;
        Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used);
        i += used - 1;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var b in bytes[..rune.EncodeToUtf8(bytes)]) items.Add(b);
    }

    /// <summary>Greedy, going back only to the last run: enough, since a run takes anything.</summary>
    private bool MatchesGeneral(ReadOnlySpan<byte> text)
    {
        int at = 0, item = 0, runItem = -1, runAt = 0;
        while (at < text.Length)
        {
            if (item < items.Length && items[item] == AnyRun)
            {
                runItem = item++;
                runAt = at;
            }
            else if (item < items.Length && items[item] == AnyOne)
            {
                at += SizeAt(text, at);
                item++;
            }
            else if (item < items.Length && items[item] == text[at])
            {
                at++;
                item++;
            }
            else if (runItem >= 0)
            {
                item = runItem + 1;
                at = runAt += SizeAt(text, runAt);
            }
            else
            {
                return false;
            }
        }

        while (item < items.Length && items[item] == AnyRun) item++;
        return item == items.Length;
    }

    private static int SizeAt(ReadOnlySpan<byte> text, int at)
    {
        var end = at + 1;
        while (end < text.Length && (sbyte)text[end] < -64) end++;
        return end - at;
    }
}
