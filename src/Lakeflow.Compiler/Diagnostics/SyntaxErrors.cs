using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Runtime.Diagnostics.Severity;

namespace Lakeflow.Compiler.Diagnostics;

/// <summary>LF1xxx – the text does not parse (LF10xx), or parses with a reservation (LF11xx).</summary>
internal static class SyntaxErrors
{
    // ---- LF1001: a word or sign that does not fit ------------------------------------------------------------------

    public static Diagnostic Unexpected(SourceSpan at, string found, string expected) => new(
        "LF1001", Error, at, $"'{found}' does not fit here.", expected.Length == 0 ? null : $"Expected {expected}.");

    public static Diagnostic Foreign(SourceSpan at, string found, string ours) => new(
        "LF1001", Error, at, $"'{found}' does not fit here.", $"In this SQL {ours}.");

    public static Diagnostic EndsTooEarly(SourceSpan at, string expected) => new(
        "LF1001", Error, at, "The statement ends too early.", expected.Length == 0 ? null : $"Expected {expected} behind this.");

    public static Diagnostic Misspelled(SourceSpan at, string found, string near) => new(
        "LF1001", Error, at, $"'{found}' does not fit here.", $"Did you mean {near}?");

    public static Diagnostic ReservedWord(SourceSpan at, string word) => new(
        "LF1001", Error, at, $"'{word}' is a reserved word, so it cannot be a name here.", $"Put it in backticks: `{word}`.");

    public static Diagnostic StrayComma(SourceSpan at) => new(
        "LF1001", Error, at, "Nothing stands behind this ','.", "Take the comma out, or add what belongs behind it.");

    public static Diagnostic MissingSemicolon(SourceSpan at, string word) => new(
        "LF1001", Error, at, $"{word} starts a new statement, but the one before it is not ended.", "Put a ';' in front of it.");

    public static Diagnostic MinusInName(SourceSpan at) => new(
        "LF1001", Error, at, "'-' does not fit here.", "A name that holds a '-' goes in backticks: `my-name`.");

    public static Diagnostic UnknownSign(SourceSpan at, string sign) => new(
        "LF1001", Error, at, $"'{Visible(sign)}' is no sign of SQL.", sign switch
        {
            "$" => "A value of the configuration is written ${name}.",
            "{" or "}" => "Templates are not expanded; a value of the configuration is written ${name}.",
            "“" or "”" or "‘" or "’" => "Use plain quotes: '…'.",
            _ => null,
        });

    // ---- the text as a whole ---------------------------------------------------------------------------------------

    public static Diagnostic NotUtf8(SourceSpan at, bool hasZeros) => new(
        "LF1002", Error, at, "This is not UTF-8 text.",
        hasZeros ? "It looks like UTF-16 or a binary file; save it as UTF-8." : "Save it as UTF-8.");

    public static Diagnostic UnclosedString(SourceSpan at, char quote) => new(
        "LF1003", Error, at, "This text is never closed.", $"Add the closing {quote}; a {quote} inside the text is written twice or as \\{quote}.");

    public static Diagnostic UnclosedComment(SourceSpan at) => new(
        "LF1004", Error, at, "This comment is never closed.", "Add the closing */; comments nest, so each /* inside needs its own.");

    public static Diagnostic UnclosedName(SourceSpan at) => new(
        "LF1005", Error, at, "This quoted name is never closed.", "Add the closing backtick; a backtick inside the name is written twice.");

    public static Diagnostic TooDeep(SourceSpan at, int most) => new(
        "LF1006", Error, at, $"This statement nests more than {most} levels deep.", "Split it with WITH or into several views.");

    public static Diagnostic UnknownVariable(SourceSpan at, string name, IEnumerable<string> known) => new(
        "LF1007", Error, at, $"There is no value for ${{{name}}}.",
        Nearest.To(name, known) is { } near ? $"Did you mean ${{{near}}}?" : $"Add '{name}' to the configuration of the pipeline, or put SET {name} = … above this in the file.");

    public static Diagnostic CircularVariable(SourceSpan at, string name) => new(
        "LF1008", Error, at, $"The value of ${{{name}}} refers to itself.", "Write the value out in one of the places.");

    // ---- clauses ---------------------------------------------------------------------------------------------------

    public static Diagnostic DuplicateClause(SourceSpan at, string clause, SourceSpan first) =>
        new("LF1009", Error, at, $"{clause} stands here a second time.", $"It is already given in line {first.Line}; keep one.")
        {
            Also = first,
        };

    public static Diagnostic DuplicateKey(SourceSpan at, string key, SourceSpan first) =>
        new("LF1009", Error, at, $"The key '{key}' stands here a second time.", $"It is already given in line {first.Line}; keep one.")
        {
            Also = first,
        };

    public static Diagnostic OrReplace(SourceSpan at) => new(
        "LF1010", Error, at, "A STREAMING TABLE of a pipeline is not replaced.", "Write CREATE OR REFRESH STREAMING TABLE: an update brings it to what is written here.");

    public static Diagnostic MissingQuery(SourceSpan at, string what, string name) => new(
        "LF1011", Error, at, $"The {what} '{name}' has no query.", "Add AS SELECT … at the end.");

    public static Diagnostic FlowOfView(SourceSpan at, string what) => new(
        "LF1012", Error, at, $"A {what} takes no FLOW.", "Write AS query, or make it a STREAMING TABLE.");

    public static Diagnostic FlowOfTable(SourceSpan at) => new(
        "LF1012", Error, at, "A plain TABLE takes only FLOW INSERT.", "Make it a STREAMING TABLE for AUTO CDC and REPLACE flows.");

    public static Diagnostic ClauseDoesNotFit(SourceSpan at, string clause, string what) => new(
        "LF1013", Error, at, $"{clause} does not go with a {what}.", "Take it out.");

    public static Diagnostic OptionsOfTable(SourceSpan at, bool isFunction) => new(
        "LF1013", Error, at, $"WITH ( … ) does not go with a stream of a {(isFunction ? "function" : "query")}: it has the options of a table.",
        isFunction ? "Write the options as arguments: name => value." : "Write it behind the table, inside of the query.");

    public static Diagnostic ModifierDoesNotFit(SourceSpan at, string word, string what) => new(
        "LF1013", Error, at, $"{word} does not go with a {what}.",
        word == "PRIVATE" ? "For a view that stays inside the pipeline write TEMPORARY VIEW." : "Take it out.");

    public static Diagnostic CheckOfColumn(SourceSpan at) => new(
        "LF1013", Error, at, "CHECK does not go with a column of a pipeline.", "Write a rule: CONSTRAINT name EXPECT (condition) ON VIOLATION FAIL UPDATE.");

    public static Diagnostic OnceWithReplace(SourceSpan at) => new(
        "LF1013", Error, at, "REPLACE USING does not go with ONCE.", "Take one of them out.");

    public static Diagnostic WindowWithoutSelect(SourceSpan at) => new(
        "LF1013", Error, at, "WINDOW names windows for a SELECT, and there is none before it.", "Put it behind the SELECT that uses it.");

    public static Diagnostic FromWithoutSelect(SourceSpan at, string word) => new(
        "LF1013", Error, at, $"{word} does not go with a FROM that has no SELECT.", $"Write |> {word} …, or put SELECT * in front of FROM.");

    public static Diagnostic OrderInsideCall(SourceSpan at, string function) => new(
        "LF1013", Error, at, $"ORDER BY does not go between the brackets of {function}.", $"Write {function}(…) WITHIN GROUP (ORDER BY …).");

    public static Diagnostic MissingCdcClause(SourceSpan at, string clause, string why) => new(
        "LF1014", Error, at, $"This AUTO CDC flow has no {clause.Split(' ')[0]}{(clause.StartsWith("SEQUENCE", StringComparison.Ordinal) ? " BY" : "")}.", $"Add {clause}, which {why}.");

    public static Diagnostic ScdType(SourceSpan at, string number) => new(
        "LF1015", Error, at, $"There is no SCD TYPE {number}.", "Write SCD TYPE 1 (the current rows) or SCD TYPE 2 (their history).");

    public static Diagnostic SinkWithoutFormat(SourceSpan at) => new(
        "LF1016", Error, at, "This sink has no format.", "Add USING kafka, USING delta or another format.");

    // ---- forms -----------------------------------------------------------------------------------------------------

    public static Diagnostic NumberTooLarge(SourceSpan at, string digits, string type) => new(
        "LF1017", Error, at, $"{digits} is too large.", $"It must fit {type}.");

    public static Diagnostic CallNeedsName(SourceSpan at) => new(
        "LF1018", Error, at, "Only a name can be called with brackets.", "If a list was meant, a comma is missing before the bracket.");

    public static Diagnostic StarNeedsName(SourceSpan at) => new(
        "LF1018", Error, at, "'.*' stands behind a table or a struct column, by name.", "Give the struct a name in a query inside, then write name.*.");

    public static Diagnostic LambdaParameter(SourceSpan at) => new(
        "LF1018", Error, at, "A parameter of '->' is a plain name.", "Write (x, i) -> ….");

    public static Diagnostic EmptyBrackets(SourceSpan at, string? errorClass = null) => new(
        "LF1018", Error, at, $"{(errorClass is null ? "" : $"[{errorClass}] ")}These brackets are empty.", "Put at least one item between them.");

    public static Diagnostic EmptyPipe(SourceSpan at) => new(
        "LF1018", Error, at, "Nothing stands behind '|>'.", "Add an operator such as WHERE, SELECT or AGGREGATE.");

    public static Diagnostic CatalogIsOneName(SourceSpan at) => new(
        "LF1018", Error, at, "A catalog is one name without dots.", "For catalog and schema together write USE catalog.schema.");

    // ---- warnings --------------------------------------------------------------------------------------------------

    public static Diagnostic LegacySpelling(SourceSpan at, string old, string today) => new(
        "LF1101", Warning, at, $"{old} is an old spelling.", $"Write {today}.");

    public static Diagnostic OrReplaceMeansRefresh(SourceSpan at) => new(
        "LF1101", Warning, at, "OR REPLACE means OR REFRESH here.", "Write CREATE OR REFRESH MATERIALIZED VIEW.");

    public static Diagnostic SetWithoutValue(SourceSpan at, string key) => new(
        "LF1102", Warning, at, $"SET {key} gives no value, so it changes nothing.", $"Write SET {key} = value, or take it out.");

    public static Diagnostic InsertWithoutByName(SourceSpan at) => new(
        "LF1103", Warning, at, "A flow inserts by name, though BY NAME is not written.", "Add BY NAME in front of the query.");

    public static Diagnostic CellLeftOut(SourceSpan at, string magic) => new(
        "LF1104", Warning, at, $"This {magic} cell is left out.", "Only SQL cells are part of a pipeline; move what it does into SQL or out of the notebook.");

    /// <summary>Control characters by their number: a terminal would act on them.</summary>
    private static string Visible(string sign) => string.Concat(sign.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
