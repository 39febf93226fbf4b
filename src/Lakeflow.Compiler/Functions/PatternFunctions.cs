using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>LIKE and regular expressions.</summary>
internal static class PatternFunctions
{
    public static readonly SqlFunction Like = new("like")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(DataType.Boolean).PerRow(PatternKernels.Like),
            Fn(Text, Text, Text).Returns(DataType.Boolean).PerRow(PatternKernels.LikeEscape),
        ],
        Summary = "Whether the whole text matches: % any run, _ one character, \\ before either for itself. `x LIKE p ESCAPE e` has three arguments.",
        Examples = [("'Spark' LIKE 'S%k'", "true"), ("'a_c' LIKE 'a\\\\_c'", "true"), ("'abc' LIKE 'a\\\\_c'", "false")],
    };

    public static readonly SqlFunction Ilike = new("ilike")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(DataType.Boolean).PerRow(PatternKernels.ILike),
            Fn(Text, Text, Text).Returns(DataType.Boolean).PerRow(PatternKernels.ILikeEscape),
        ],
        Summary = "As LIKE, in any case.",
        Examples = [("'Spark' ILIKE 's%K'", "true")],
    };

    public static readonly SqlFunction Rlike = new("rlike")
    {
        Aliases = ["regexp", "regexp_like"],
        Overloads = [Fn(Text, Text).Returns(DataType.Boolean).PerRow(PatternKernels.RLike)],
        Summary = "Whether a regular expression matches anywhere.",
        Examples = [("'Spark' RLIKE 'p.r'", "true")],
    };

    public static readonly SqlFunction RegexpReplace = new("regexp_replace")
    {
        Overloads =
        [
            Fn(Text, Text, Text).Returns(DataType.String).PerRow(PatternKernels.RegexReplace),
            Fn(Text, Text, Text, new Where(Int, a => a.Value is not <= 0)).Returns(DataType.String).PerRow(PatternKernels.RegexReplaceFrom),
        ],
        Summary = "Every match replaced; $1 is its first group.",
        Examples = [("regexp_replace('100-200', '([0-9]+)', 'num')", "'num-num'")],
    };

    public static readonly SqlFunction RegexpExtract = new("regexp_extract")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(DataType.String).PerRow(PatternKernels.RegexFirstGroup),
            Fn(Text, Text, Int).Returns(DataType.String).PerRow(PatternKernels.RegexGroup),
        ],
        Summary = "A group (the first if not said, 0 is all) of the first match; '' without a match.",
        Examples = [("regexp_extract('100-200', '([0-9]+)-([0-9]+)', 2)", "'200'"), ("regexp_extract('x', '([0-9]+)', 1)", "''")],
    };

    public static readonly SqlFunction RegexpExtractAll = new("regexp_extract_all")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(Texts).PerRow(PatternKernels.RegexAllFirstGroups),
            Fn(Text, Text, Int).Returns(Texts).PerRow(PatternKernels.RegexAllGroups),
        ],
        Summary = "A group of every match.",
        Examples = [("array_join(regexp_extract_all('100-200', '([0-9]+)', 1), ' ')", "'100 200'")],
    };

    public static readonly SqlFunction RegexpSubstr = new("regexp_substr")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.String).PerRow(PatternKernels.TryRegexSubstring)],
        Summary = "The first match; NULL without one, or if it is empty.",
        Examples = [("regexp_substr('Spark 4', '[0-9]')", "'4'"), ("regexp_substr('Spark', '[0-9]')", "NULL")],
    };

    public static readonly SqlFunction RegexpCount = new("regexp_count")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Int32).PerRow(PatternKernels.RegexCount)],
        Summary = "Number of matches.",
        Examples = [("regexp_count('a1b22', '[0-9]+')", "2")],
    };

    public static readonly SqlFunction RegexpInstr = new("regexp_instr")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(DataType.Int32).PerRow(PatternKernels.RegexInStr),
            Fn(Text, Text, Int).Returns(DataType.Int32).PerRow(PatternKernels.RegexInStrOfGroup),
        ],
        Summary = "Place of the first match, from 1; 0 without one. A third argument, a group, is taken and not looked at, as in Spark.",
        Examples = [("regexp_instr('ab1', '[0-9]')", "3")],
    };

    private static ListType Texts => new(DataType.String, containsNull: false);
}
