namespace Lakeflow.Runtime.Kernels;

/// <summary>A LIKE pattern without regard to case: both sides are put in lower case.</summary>
public sealed class ILikePattern : ICompiledText<ILikePattern>
{
    private readonly LikePattern pattern;

    private ILikePattern(LikePattern pattern) => this.pattern = pattern;

    public static ILikePattern Compile(string text) => new(LikePattern.Compile(Lower(text)));

    public static ILikePattern CompileWith(string text, char escape) => new(LikePattern.CompileWith(Lower(text), escape));

    public bool Matches(Utf8 text, scoped ref TextArena scratch) => pattern.Matches(CaseMapping.Lower(text, ref scratch).Bytes);

    private static string Lower(string text)
    {
        var scratch = default(TextArena);
        return CaseMapping.Lower(Utf8.From(text), ref scratch).ToString();
    }
}
