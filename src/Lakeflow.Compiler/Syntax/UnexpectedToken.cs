using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax.Generated;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Says in SQL words what a parser found and what it wanted.</summary>
internal static class UnexpectedToken
{
    private const int MostWords = 6;

    /// <summary>Words that start a clause: a name next to one of them, spelled nearly like it, is most likely meant to be it.</summary>
    private static readonly string[] Clauses =
        ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "JOIN", "SELECT", "QUALIFY", "LATERAL", "INTERSECT", "EXCEPT", "PARTITION", "CLUSTER", "COMMENT", "EXPECT"];

    /// <summary>Expected words that say most, in the order in which a reader would look for them.</summary>
    private static readonly string[] Telling =
        ["SELECT", "WITH", "CREATE", "AS", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "THEN", "WHEN", "ELSE", "END", "BY", "ON", "AND", "TABLE", "VIEW", "INTO", "FLOW"];

    public static Diagnostic Explain(TokenList tokens, RecognitionException reason, WantedTokens wanted)
    {
        var found = reason.OffendingToken;
        var index = Math.Min(found.TokenIndex, tokens.Count);
        var expected = Expected(reason);
        expected.AddAll(wanted.At(found.TokenIndex));
        if (Misspelled(tokens, index, expected) is var (at, word, near)) return SyntaxErrors.Misspelled(tokens.Span(at), word, near);
        if (found.Type == TokenConstants.EOF)
        {
            var last = tokens.Count == 0 ? tokens.Whole : tokens.Span(tokens.Count - 1);
            return SyntaxErrors.EndsTooEarly(last, Words(expected));
        }

        var here = tokens.Span(index);
        if (found.Type == COMMA && IsStrayComma(tokens, index)) return SyntaxErrors.StrayComma(here);
        if (index > 0 && tokens.Is(index - 1, COMMA) && IsStrayComma(tokens, index - 1)) return SyntaxErrors.StrayComma(tokens.Span(index - 1));
        // What was found could stand here: it is what follows that does not fit it.
        if (found.Type is ORDER or GROUP or PARTITION or CLUSTER or DISTRIBUTE or SORT or LIKE or ILIKE or RLIKE or IN or BETWEEN or IS && expected.Contains(found.Type))
        {
            var behind = found.Type is ORDER or GROUP or PARTITION or CLUSTER or DISTRIBUTE or SORT ? "BY" : "";
            return index + 1 < tokens.Count ? SyntaxErrors.Unexpected(tokens.Span(index + 1), Short(tokens.Tokens[index + 1]), behind) : SyntaxErrors.EndsTooEarly(here, behind);
        }

        var text = Short(found);
        if (Foreign(tokens, index) is { } ours) return SyntaxErrors.Foreign(here, text, ours);
        if (found.Type == MINUS && index > 0 && Touches(tokens, index) && IsWord(tokens.Tokens[index - 1].Type)) return SyntaxErrors.MinusInName(here);
        if (index > 0 && expected.Contains(TokenConstants.EOF) && found.Type is SELECT or CREATE or INSERT or USE or APPLY or EXPLAIN or WITH)
            return SyntaxErrors.MissingSemicolon(here, found.Text.ToUpperInvariant());
        if (expected.Contains(WORD) && !expected.Contains(LPAREN) && !expected.Contains(TokenConstants.EOF) && IsReserved(found)) return SyntaxErrors.ReservedWord(here, found.Text);
        return SyntaxErrors.Unexpected(here, text, Words(expected));
    }

    private static string Short(IToken token) => token.Text.Length > 40 ? token.Text[..40] + "…" : token.Text;

    /// <summary>What another dialect's way to write it is in this one; null for what is no such way.</summary>
    private static string? Foreign(TokenList tokens, int index) => tokens.Tokens[index].Type switch
    {
        AMPERSAND when index > 0 && tokens.Is(index - 1, AMPERSAND) => "'and' is written AND",
        LBRACKET when tokens.Is(index + 1, WORD) => "a name with blanks or signs in it goes in backticks, as in `my name`",
        LBRACKET => "an array is written array(1, 2)",
        INTEGER_VALUE when index > 1 && tokens.Is(index - 1, WORD) && tokens.Is(index - 2, SELECT) && tokens.Word(index - 1).Equals("TOP", StringComparison.OrdinalIgnoreCase) => $"the first rows are LIMIT {tokens.Tokens[index].Text}, at the end of the query",
        _ => null,
    };

    /// <summary>The tokens that could stand where the parser stopped.</summary>
    private static IntervalSet Expected(RecognitionException reason)
    {
        var expected = new IntervalSet();
        if (reason is not NoViableAltException { DeadEndConfigs: { } dead })
        {
            expected.AddAll(reason.GetExpectedTokens());
            return expected;
        }

        foreach (var config in dead.configs)
        {
            if (config.state is RuleStopState)
            {
                expected.Add(TokenConstants.EOF);
                continue;
            }

            for (var i = 0; i < config.state.NumberOfTransitions; i++)
                if (config.state.Transition(i) is { IsEpsilon: false } step) expected.AddAll(step.Label);
        }

        return expected;
    }

    /// <summary>A word at the place, or the one before it, that is nearly a word of SQL.</summary>
    private static (int At, string Word, string Near)? Misspelled(TokenList tokens, int index, IntervalSet expected)
    {
        if (tokens.Is(index, WORD))
        {
            var wanted = expected.ToList().Select(Keyword).OfType<string>();
            if (Near(tokens.Word(index), wanted) is { } near) return (index, tokens.Tokens[index].Text, near);
        }

        // SELECT a FORM t: the parser took FORM for an alias and stopped behind it.
        for (var before = index - 1; before >= Math.Max(0, index - 2) && tokens.Is(before, WORD); before--)
        {
            // Behind these a name had to come, and came.
            if (before > 0 && tokens.Is(before - 1, FROM, JOIN, TABLE, VIEW, INTO, AS, COMMA, DOT)) break;
            if (Near(tokens.Word(before), Clauses) is { } near) return (before, tokens.Tokens[before].Text, near);
        }

        return null;
    }

    /// <summary>The word that was meant, at most two slips away. Short ones are nearly words by chance.</summary>
    private static string? Near(string written, IEnumerable<string> words) => written.Length <= 3 ? null
        : Nearest.Within(written.Length == 4 ? 1 : 2, written, words.Where(w => !w.Equals(written, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A comma with nothing behind it that could be an item.</summary>
    private static bool IsStrayComma(TokenList tokens, int index) =>
        tokens.Is(index + 1, TokenConstants.EOF, RPAREN, COMMA) || (index + 1 < tokens.Count && IsReserved(tokens.Tokens[index + 1]) && !SoftWords.Contains(tokens.Tokens[index + 1].Type));

    private static bool Touches(TokenList tokens, int index) => tokens.Tokens[index - 1].StopIndex + 1 == tokens.Tokens[index].StartIndex;

    private static bool IsWord(int type) => type is WORD or QUOTED_WORD || Keyword(type) is not null;

    private static bool IsReserved(IToken token) => token.Type is not (WORD or QUOTED_WORD) && Keyword(token.Type) is not null;

    /// <summary>The word of a keyword token; null for signs, names and literals.</summary>
    private static string? Keyword(int type)
    {
        var literal = DefaultVocabulary.GetLiteralName(type);
        return literal is { Length: > 3 } && char.IsLetter(literal[1]) ? literal[1..^1].ToUpperInvariant() : null;
    }

    private static string Words(IntervalSet expected)
    {
        var types = expected.ToList().ToHashSet();
        var words = new List<string>();
        var isOperand = types.Contains(STRING) && types.Contains(INTEGER_VALUE) && types.Contains(CASE);
        var isOperator = types.Contains(PLUS) && types.Contains(ASTERISK) && types.Contains(CONCAT);
        if (isOperand) words.Add("an expression");
        else if (types.Contains(WORD) && !isOperator) words.Add("a name");
        else if (types.Contains(STRING) && !isOperator) words.Add("a text in quotes");
        else if (types.Contains(INTEGER_VALUE)) words.Add("a number");

        // A place for a name takes nearly every keyword, and a place for an operator every operator: naming them helps nobody.
        var isName = types.Contains(WORD);
        foreach (var sign in new[] { (COMMA, "','"), (RPAREN, "')'"), (RBRACKET, "']'"), (GT, "'>'"), (EQ, "'='"), (LPAREN, "'('") })
        {
            if (!types.Contains(sign.Item1) || (isOperator && sign.Item1 is GT or EQ or LPAREN) || (isOperand && sign.Item1 == LPAREN)) continue;
            words.Add(sign.Item2);
        }

        var keywords = types.Where(t => !isOperator || t is not (AND or OR or NOT or IN or IS or LIKE or ILIKE or RLIKE or REGEXP or BETWEEN or DIV or COLLATE))
            .Where(t => !isName || !SoftWords.Contains(t))
            .Where(t => !isOperand || t is not (NOT or EXISTS or CASE or NULL or TRUE or FALSE or CAST or LEFT or RIGHT or LIKE or ILIKE or RLIKE or REGEXP))
            .Select(Keyword).OfType<string>()
            .OrderBy(w => Array.IndexOf(Telling, w) is var rank && rank < 0 ? Telling.Length : rank).ThenBy(w => w, StringComparer.Ordinal);
        words.AddRange(keywords);
        var more = words.Count > MostWords;
        words = [.. words.Take(MostWords)];
        if (types.Contains(TokenConstants.EOF) && !more) words.Add("the end of the statement");
        return words.Count switch
        {
            0 => "",
            1 => words[0],
            _ => string.Join(", ", words.Take(words.Count - 1)) + (more ? ", " + words[^1] + " or another clause" : " or " + words[^1]),
        };
    }

    /// <summary>The keywords that are names too, out of the parser's own tables.</summary>
    private static readonly HashSet<int> SoftWords =
        [.. _ATN.NextTokens(_ATN.ruleToStartState[RULE_softKeyword]).ToList(), .. _ATN.NextTokens(_ATN.ruleToStartState[RULE_followKeyword]).ToList()];
}
