using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Parses one file, statement by statement, in order: a SET changes what <c>${name}</c> means behind it.</summary>
internal sealed class ScriptParser(SourceText source, ParseOptions options, DiagnosticBag bag)
{
    private readonly Substitution substitution = new(source, options, bag);

    public ScriptSyntax Parse()
    {
        var statements = ImmutableArray.CreateBuilder<StatementSyntax>();
        foreach (var piece in new ScriptCutter(source, bag).Cut())
        {
            var text = substitution.Apply(piece);
            var tokens = TokenList.Read(text);
            if (tokens.Count == 0) continue;

            // Where a ${name} was unknown, what does not parse is no second mistake.
            var found = text.HasUnknownName ? new DiagnosticBag() : bag;
            var statement = piece.IsBlock ? Other(tokens, "BEGIN") : Statement(tokens, found);
            if (statement is null) continue;
            if (statement is SetSyntax { Value: { } value } set) substitution.Set(set.Key, value);
            statements.Add(statement);
        }

        return new ScriptSyntax(source, statements.ToImmutable());
    }

    public static StatementSyntax? Statement(TokenList tokens, DiagnosticBag bag)
    {
        if (tokens.Is(0, SET)) return Set(tokens, bag);
        if (OtherKind(tokens) is { } kind) return Other(tokens, kind);
        return tokens.Is(0, WITH) && InsertsOutside(tokens)
            ? StatementParser.Parse(tokens, bag, p => p.singleInsert(), (b, node) => b.Insert(node))
            : StatementParser.Parse(tokens, bag, p => p.singleStatement(), (b, node) => b.Statement(node.statement()));
    }

    /// <summary>WITH … INSERT: told apart from a query by its words, since the grammar would have to read all of the WITH twice.</summary>
    private static bool InsertsOutside(TokenList tokens)
    {
        var nesting = 0;
        foreach (var token in tokens.Tokens)
        {
            if (token.Type == LPAREN) nesting++;
            else if (token.Type == RPAREN) nesting--;
            else if (token.Type == INSERT && nesting == 0) return true;
        }

        return false;
    }

    // ---- SET -------------------------------------------------------------------------------------------------------

    /// <summary>The value is text, not SQL: <c>SET a.b = x*y</c>. So it is cut out of the statement, not parsed.</summary>
    private static StatementSyntax? Set(TokenList tokens, DiagnosticBag bag)
    {
        var last = tokens.Count - 1;
        if (last == 0 || tokens.Is(1, MINUS)) return Other(tokens, "SET");
        if (tokens.Word(1) is "VAR" or "VARIABLE" && !tokens.Is(2, EQ, DOT)) return Other(tokens, "SET VARIABLE");
        if (tokens.Is(1, TIME) && tokens.Is(2, ZONE) && last >= 3) return new SetSyntax("spark.sql.session.timeZone", Value(tokens, 3), tokens.Whole);
        if (tokens.Is(1, CATALOG) && last == 2 && !tokens.Is(2, EQ))
        {
            var name = Value(tokens, 2);
            return new UseCatalogSyntax(new IdentifierSyntax(name, tokens.Is(2, QUOTED_WORD), tokens.Span(2)), tokens.Whole);
        }

        var equal = 1;
        while (equal <= last && !tokens.Is(equal, EQ)) equal++;
        if (equal == 1)
        {
            bag.Add(SyntaxErrors.Unexpected(tokens.Span(1), tokens.Tokens[1].Text, "a key"));
            return null;
        }

        var key = string.Concat(tokens.Tokens.Skip(1).Take(equal - 1).Select(t => Unquoted(t.Text)));
        if (equal <= last) return new SetSyntax(key, equal == last ? "" : Value(tokens, equal + 1), tokens.Whole);
        bag.Add(SyntaxErrors.SetWithoutValue(tokens.Whole, key));
        return new SetSyntax(key, null, tokens.Whole);
    }

    private static string Value(TokenList tokens, int first)
    {
        if (first == tokens.Count - 1 && tokens.Is(first, STRING, DOUBLE_STRING)) return StringText.Of(tokens.Tokens[first].Text);
        var value = tokens.Text.Text[tokens.Tokens[first].StartIndex..(tokens.Tokens[tokens.Count - 1].StopIndex + 1)];
        return first == tokens.Count - 1 ? Unquoted(value) : value;
    }

    private static string Unquoted(string word) => word is ['`', .., '`'] ? word[1..^1].Replace("``", "`", StringComparison.Ordinal) : word;

    // ---- statements that are no pipeline matter --------------------------------------------------------------------

    private static OtherStatementSyntax Other(TokenList tokens, string kind) =>
        new(kind, tokens.Text.Text[tokens.Tokens[0].StartIndex..(tokens.Tokens[tokens.Count - 1].StopIndex + 1)], tokens.Whole);

    private static readonly HashSet<string> OtherVerbs =
    [
        "DROP", "ALTER", "DELETE", "UPDATE", "MERGE", "TRUNCATE", "ANALYZE", "OPTIMIZE", "VACUUM", "GRANT", "REVOKE", "DENY", "SHOW", "DESCRIBE", "DESC", "REFRESH", "CACHE",
        "UNCACHE", "CLEAR", "COPY", "RESTORE", "COMMENT", "DECLARE", "EXECUTE", "CALL", "LOAD", "MSCK", "REPAIR", "ADD", "LIST", "RESET", "UNSET", "SYNC", "FSCK", "CONVERT",
        "UNDROP", "BEGIN", "COMMIT", "ROLLBACK", "LOCK", "UNLOCK", "EXPORT", "IMPORT", "START", "SIGNAL",
    ];

    private static readonly HashSet<string> OtherObjects =
    [
        "SCHEMA", "DATABASE", "CATALOG", "INDEX", "ROLE", "VOLUME", "CONNECTION", "SHARE", "RECIPIENT", "PROVIDER", "STORAGE", "SERVICE", "CREDENTIAL", "POLICY", "SERVER",
        "BLOOMFILTER", "GROUP", "USER", "PROCEDURE", "VARIABLE", "FOREIGN", "LOCATION", "NAMESPACE", "SNAPSHOT", "CLEAN", "BUDGET",
    ];

    private static string? OtherKind(TokenList tokens)
    {
        var first = tokens.Word(0);
        if (OtherVerbs.Contains(first)) return IsPlainWord(tokens, 1) ? $"{first} {tokens.Word(1)}" : first;
        if (tokens.Is(0, INSERT) && Directory(tokens)) return "INSERT OVERWRITE DIRECTORY";
        if (tokens.Is(0, INSERT) && tokens.Tokens.Take(8).Any(t => t.Type == REPLACE)) return "INSERT REPLACE";
        if (!tokens.Is(0, CREATE)) return null;

        var at = 1;
        if (tokens.Is(at, OR)) at += 2;
        while (tokens.Is(at, TEMPORARY, TEMP, GLOBAL, EXTERNAL, PRIVATE)) at++;
        if (OtherObjects.Contains(tokens.Word(at))) return $"CREATE {tokens.Word(at)}";
        if (tokens.Is(at, FUNCTION) && !tokens.Tokens.Take(at + 12).Any(t => t.Type == LPAREN)) return "CREATE FUNCTION";
        return tokens.Is(at, TABLE) && tokens.Tokens.Any(t => t.Type == WORD && t.Text.Equals("CLONE", StringComparison.OrdinalIgnoreCase)) && !tokens.Tokens.Any(t => t.Type == SELECT)
            ? "CREATE TABLE CLONE"
            : null;
    }

    private static bool Directory(TokenList tokens) =>
        tokens.Is(1, OVERWRITE) && (tokens.Word(2) == "DIRECTORY" || (tokens.Is(2, LOCAL) && tokens.Word(3) == "DIRECTORY"));

    private static bool IsPlainWord(TokenList tokens, int index) =>
        index < tokens.Count && tokens.Tokens[index].Type != QUOTED_WORD && char.IsLetter(tokens.Tokens[index].Text[0]);
}
