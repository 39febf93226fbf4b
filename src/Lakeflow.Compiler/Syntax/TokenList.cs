using Antlr4.Runtime;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax.Generated;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

/// <summary>The words and signs of one statement, checked for what a parser would choke on.</summary>
internal sealed class TokenList
{
    /// <summary>Brackets, CASEs, prefixes and lambdas may nest this deep. More is a mistake or an attack, and would end the stack.</summary>
    public const int MostNesting = 500;

    private TokenList(StatementText text, List<IToken> tokens)
    {
        Text = text;
        Tokens = tokens;
    }

    public StatementText Text { get; }

    /// <summary>Without comments and space; the last is EOF.</summary>
    public IReadOnlyList<IToken> Tokens { get; }

    /// <summary>How many, without EOF.</summary>
    public int Count => Tokens.Count - 1;

    /// <summary>The deepest nesting found by <see cref="Check"/>.</summary>
    public int Nesting { get; private set; }

    public SourceSpan Span(int index) => Span(Tokens[index]);

    public SourceSpan Span(IToken token) => Text.Span(token.StartIndex, Math.Max(token.StartIndex, token.StopIndex + 1));

    /// <summary>From the first to the last token.</summary>
    public SourceSpan Whole => Count == 0 ? Text.Span(0, 0) : Text.Span(Tokens[0].StartIndex, Tokens[Count - 1].StopIndex + 1);

    public bool Is(int index, params ReadOnlySpan<int> types) => index < Tokens.Count && types.Contains(Tokens[index].Type);

    public string Word(int index) => index < Count ? Tokens[index].Text.ToUpperInvariant() : "";

    public static TokenList Read(StatementText text)
    {
        var lexer = new LakeflowLexer(new SqlCharStream(text.Text));
        lexer.RemoveErrorListeners();
        var tokens = new List<IToken>();
        var hint = false;
        for (var token = lexer.NextToken(); ; token = lexer.NextToken())
        {
            // /*+ … */ is a hint behind SELECT only; anywhere else it is a comment.
            if (token.Type == HINT_OPEN && !(tokens.Count > 0 && tokens[^1].Type is SELECT or HINT_CLOSE)) hint = true;
            if (IsFieldWithDigit(token, tokens))
            {
                // snow.1h: the lexer took .1 for a number; behind a name it is a dot and a field.
                lexer.InputStream.Seek(token.StartIndex + 1);
                var dot = new CommonToken(token) { Type = DOT, StopIndex = token.StartIndex };
                tokens.Add(dot);
                tokens.Add(Field(lexer, token.StartIndex + 1));
                continue;
            }

            if (!hint || token.Type == TokenConstants.EOF) tokens.Add(token);
            if (token.Type == HINT_CLOSE) hint = false;
            if (token.Type == TokenConstants.EOF) return new TokenList(text, tokens);
        }
    }

    private static bool IsFieldWithDigit(IToken token, List<IToken> before) =>
        token.Type is DECIMAL_VALUE or EXPONENT_VALUE or FLOAT_VALUE or DOUBLE_VALUE or BIGDECIMAL_VALUE && token.Text[0] == '.'
        && before.Count > 0 && before[^1].StopIndex + 1 == token.StartIndex && before[^1].Type is WORD or QUOTED_WORD or RBRACKET or RPAREN;

    /// <summary>The name that starts here with a digit; the lexer goes on behind it.</summary>
    private static CommonToken Field(LakeflowLexer lexer, int start)
    {
        var end = start;
        while (lexer.InputStream.LA(1) is var c && (c == '_' || c == 1 || (c > 0 && c < 128 && char.IsAsciiLetterOrDigit((char)c))))
        {
            lexer.InputStream.Consume();
            end++;
        }

        return new CommonToken(new Tuple<ITokenSource, ICharStream>(lexer, (ICharStream)lexer.InputStream), WORD, TokenConstants.DefaultChannel, start, end - 1);
    }

    /// <summary>The same tokens without semicolons at the end: for text that is one statement.</summary>
    public TokenList WithoutEnd()
    {
        var count = Count;
        while (count > 0 && Tokens[count - 1].Type == SEMICOLON) count--;
        return count == Count ? this : new TokenList(Text, [.. Tokens.Take(count), Tokens[^1]]);
    }

    /// <summary>False, with a diagnostic, where the nesting is too deep or a text or name is not closed.</summary>
    public bool Check(DiagnosticBag bag)
    {
        var open = new Stack<(int Closer, int Added)>();
        var (nesting, run, sinceBracket) = (0, 0, 0);
        for (var i = 0; i < Count; i++)
        {
            var type = Tokens[i].Type;
            switch (type)
            {
                case UNCLOSED_STRING:
                    bag.Add(SyntaxErrors.UnclosedString(Span(i), Tokens[i].Text[0]));
                    return false;
                case UNCLOSED_WORD:
                    bag.Add(SyntaxErrors.UnclosedName(Span(i)));
                    return false;
                case UNKNOWN_SIGN:
                    bag.Add(SyntaxErrors.UnknownSign(Span(i), Tokens[i].Text));
                    return false;
                case LPAREN or LBRACKET or CASE:
                    open.Push((type == LPAREN ? RPAREN : type == LBRACKET ? RBRACKET : END, sinceBracket));
                    nesting++;
                    sinceBracket = 0;
                    break;
                case LT when i > 0 && Tokens[i - 1].Type is ARRAY or MAP or STRUCT:
                    open.Push((GT, sinceBracket));
                    nesting++;
                    sinceBracket = 0;
                    break;
                case RPAREN or RBRACKET or END or GT when open.Count > 0 && open.Peek().Closer == type:
                    nesting--;
                    nesting -= sinceBracket;
                    sinceBracket = open.Pop().Added;
                    break;
                case ARROW or EXPLAIN:
                    nesting++;
                    sinceBracket++;
                    break;
                case COMMA:
                    nesting -= sinceBracket;
                    sinceBracket = 0;
                    break;
            }

            // NOT NOT …, - - …, a.b.c…, x[0][1]…, x::a::b…: each of them nests once more.
            run = type switch
            {
                NOT or BANG or PLUS or MINUS or TILDE => run + 1,
                DOT or DOUBLE_COLON or TRY_CAST_SIGN or RBRACKET or COLLATE or COLON or RPAREN => run + 1,
                WORD or QUOTED_WORD or LBRACKET or LPAREN or INTEGER_VALUE or STRING when run > 0 && i > 0 && IsChain(Tokens[i - 1].Type) => run,
                _ => 0,
            };
            Nesting = Math.Max(Nesting, nesting + run);
            if (nesting + run <= MostNesting) continue;
            bag.Add(SyntaxErrors.TooDeep(Span(i), MostNesting));
            return false;
        }

        return true;
    }

    private static bool IsChain(int type) => type is DOT or DOUBLE_COLON or TRY_CAST_SIGN or RBRACKET or LBRACKET or LPAREN or RPAREN or COLLATE or COLON or WORD or QUOTED_WORD;
}
