using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Runtime.Diagnostics.Severity;

namespace Lakeflow.Compiler.Diagnostics;

/// <summary>LF2xxx – a name or a type does not work out.</summary>
internal static class BindingErrors
{
    public static Diagnostic UnknownColumn(SourceSpan at, string name, IEnumerable<string> inScope) => new(
        "LF2001", Error, at, $"There is no column '{name}' here.", Nearest.Hint(Last(name), inScope, "In scope"));

    public static Diagnostic UnknownColumnOf(SourceSpan at, string name, string table, IReadOnlyCollection<string> columns) => new(
        "LF2001", Error, at, $"There is no column '{name}' here.",
        Nearest.To(Last(name), columns) is { } near ? $"Did you mean '{name[..^Last(name).Length]}{near}'?" : $"Columns of {table}: {Nearest.Short(columns, 8)}.");

    public static Diagnostic MissingByName(SourceSpan at, IReadOnlyList<string> missing, IEnumerable<string> columns) => new(
        "LF2001", Error, at, $"BY NAME finds no column {string.Join(", ", missing.Select(m => $"'{m}'"))} on this side.",
        missing.Count == 1 ? Nearest.Hint(missing[0], columns, "It has") : $"Both sides of a set operation have the same columns; this one has {Nearest.Short([.. columns], 8)}.");

    /// <param name="elsewhere">A column of that name in another table, or null.</param>
    public static Diagnostic UnknownTableOfColumn(SourceSpan at, string name, string first, string? elsewhere, IEnumerable<string> tables, IEnumerable<string> columns)
    {
        var near = elsewhere ?? (Nearest.To(first, tables.Concat(columns)) is { } other ? other + name[first.Length..] : null);
        return new(
            "LF2001", Error, at, $"There is no column '{name}' here.",
            near is null ? Nearest.Hint(first, tables, $"There is neither a table nor a struct column '{first}'; in FROM") : $"Did you mean '{near}'?");
    }

    /// <param name="known">Tables by their last name, and as the file may write them.</param>
    /// <param name="otherwise">What to do where no known name is near, or null.</param>
    public static Diagnostic UnknownTable(SourceSpan at, string name, IEnumerable<(string Name, string Written)> known, string? otherwise = null)
    {
        var near = Nearest.To(Last(name), known.Select(t => t.Name));
        var written = known.FirstOrDefault(t => t.Name == near).Written;
        return new(
            "LF2002", Error, at, $"There is no table or view '{name}'.",
            written is null ? otherwise ?? "It is neither declared in this pipeline nor found in the lakehouse." : $"Did you mean '{written}'?");
    }

    /// <param name="otherwise">What to do where no known name is near, or null.</param>
    public static Diagnostic UnknownFunction(SourceSpan at, string name, IEnumerable<string> known, string? otherwise = null) => new(
        "LF2003", Error, at, $"There is no function '{name}'.", Nearest.To(name, known) is { } near ? $"Did you mean '{near}'?" : otherwise);

    public static Diagnostic AmbiguousColumn(SourceSpan at, string name, IEnumerable<string> candidates) => new(
        "LF2004", Error, at, $"[AMBIGUOUS_REFERENCE] '{name}' could be {string.Join(" or ", candidates.Distinct(StringComparer.OrdinalIgnoreCase))}.",
        "Write the table's name or alias before it.");

    public static Diagnostic WrongArguments(SourceSpan at, string problem, string? hint = null) => new("LF2005", Error, at, problem, hint);

    public static Diagnostic NoCommonType(SourceSpan at, string where, DataType a, DataType b) => new(
        "LF2006", Error, at, $"{where} brings together {a} and {b}, which have no common type.", "Cast one of them.");

    public static Diagnostic CannotCast(SourceSpan at, DataType from, DataType to) => new(
        "LF2007", Error, at, $"[DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION] {from} cannot be cast to {to}.");

    public static Diagnostic UnknownType(SourceSpan at, string name, IEnumerable<string> known) => new(
        "LF2008", Error, at, $"There is no type '{name}'.", Nearest.To(name, known) is { } near ? $"Did you mean {near}?" : null);

    public static Diagnostic MissingAggregation(SourceSpan at, string column) => new(
        "LF2009", Error, at, $"[MISSING_AGGREGATION] '{column}' is neither in GROUP BY nor inside an aggregate function.",
        $"Add it to GROUP BY, or write any_value({column}) if any of its values will do.");

    public static Diagnostic AggregateNotAllowed(SourceSpan at, string function, string where, string? hint = null) => new(
        "LF2010", Error, at, $"The aggregate function {function} may not stand in {where}.", hint);

    public static Diagnostic WindowNotAllowed(SourceSpan at, string function, string where, string? hint = null) => new(
        "LF2011", Error, at, $"The window function {function} may not stand in {where}.", hint);

    public static Diagnostic GeneratorNotAllowed(SourceSpan at, string function, string where) => new(
        "LF2012", Error, at, $"[UNSUPPORTED_GENERATOR] {function} yields rows; it may not stand in {where}.",
        "It may be an item of the SELECT list by itself, one per list, or stand in LATERAL VIEW.");

    public static Diagnostic UnknownField(SourceSpan at, string field, DataType type, IEnumerable<string> fields) => new(
        "LF2013", Error, at, $"[FIELD_NOT_FOUND] There is no field '{field}' in {type}.", Nearest.Hint(field, fields, "Its fields"));

    public static Diagnostic NotBoolean(SourceSpan at, DataType actual, string where) => new(
        "LF2014", Error, at, $"{where} needs BOOLEAN but this is {actual}.");

    public static Diagnostic ColumnCount(SourceSpan at, string what, int wanted, int found) => new(
        "LF2015", Error, at, $"{what}: {wanted} column{(wanted == 1 ? "" : "s")} wanted, {found} found.");

    public static Diagnostic NotConstant(SourceSpan at, string what) => new(
        "LF2016", Error, at, $"{what} must be a constant.");

    public static Diagnostic OrdinalOutOfRange(SourceSpan at, string clause, long ordinal, int items) => new(
        "LF2017", Error, at, $"{clause} {ordinal} points outside the SELECT list, which has {items} item{(items == 1 ? "" : "s")}.");

    public static Diagnostic DuplicateColumn(SourceSpan at, string name, string where) => new(
        "LF2018", Error, at, $"[COLUMN_ALREADY_EXISTS] {where} has the column '{name}' more than once.", "Give one of them another name with AS.");

    public static Diagnostic ExtraColumn(SourceSpan at, string name, string target, IEnumerable<string> declared) => new(
        "LF2019", Error, at, $"The query yields '{name}', which the column list of {target} does not declare.",
        Nearest.Hint(name, declared, "Declared") is { } hint ? hint : "Declare it, or leave it out of the query.");

    public static Diagnostic CannotStore(SourceSpan at, string column, DataType from, DataType to) => new(
        "LF2020", Error, at, $"[INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST] Column '{column}' is {to}; the query yields {from}, which may not be stored in it.",
        $"Write CAST({column} AS {to}) in the query.");

    public static Diagnostic BadLiteral(SourceSpan at, string type, string value, string form) => new(
        "LF2021", Error, at, $"[INVALID_TYPED_LITERAL] '{value}' is no {type}.", $"Write it as {form}.");

    public static Diagnostic NumberOutOfRange(SourceSpan at, string text, string type) => new(
        "LF2022", Error, at, $"The number {text} does not fit in {type}.");

    public static Diagnostic DoubleQuotedText(SourceSpan at, string text) => new(
        "LF2023", Warning, at, $"\"{text}\" is a text here, and there is a column of that name.", $"Write `{text}` for the column, '{text}' for the text.");

    public static Diagnostic UnknownWindow(SourceSpan at, string name, IEnumerable<string> known) => new(
        "LF2024", Error, at, $"There is no window '{name}' in the WINDOW clause.", Nearest.Hint(name, known, "Windows"));

    public static Diagnostic BadFrame(SourceSpan at, string problem) => new("LF2025", Error, at, problem);

    public static Diagnostic StarNotAllowed(SourceSpan at, string where) => new(
        "LF2026", Error, at, $"* may not stand in {where}.", "It may be an item of a SELECT list, or the argument of count.");

    public static Diagnostic DuplicateExpectation(SourceSpan at, string name, string dataset, SourceSpan first) => new Diagnostic(
        "LF2027", Error, at, $"{dataset} already has an expectation '{name}', at {first}.", "Give it another name: it is the key of its metrics.").Beside(first);

    public static Diagnostic NotInCondition(SourceSpan at, string what, string where) => new(
        "LF2028", Error, at, $"{what} may not stand in {where}.", "It may use constants, columns of the same row and deterministic functions.");

    public static Diagnostic UnknownQualifier(SourceSpan at, string name, IEnumerable<string> known) => new(
        "LF2029", Error, at, $"There is no table '{name}' in FROM, nor a struct column of that name.", Nearest.Hint(name, known, "In FROM"));

    public static Diagnostic WrongOption(SourceSpan at, string function, string problem, string? hint = null) => new(
        "LF2030", Error, at, $"{function}: {problem}", hint);

    public static Diagnostic NotOrderable(SourceSpan at, DataType type, string where) => new(
        "LF2031", Error, at, $"{where} needs values with an order or equality; {type} has none.");

    public static Diagnostic CannotAccess(SourceSpan at, string what, DataType type) => new(
        "LF2032", Error, at, $"{what} works on ARRAY, MAP or STRUCT, not on {type}.");

    public static Diagnostic UnknownParameter(SourceSpan at, string name) => new(
        "LF2033", Error, at, $"There is no value for the parameter :{name}.", "Give it in the configuration of the pipeline.");

    public static Diagnostic OrderNeeded(SourceSpan at, string function) => new(
        "LF2034", Error, at, $"{function} needs ORDER BY in its OVER clause.");

    public static Diagnostic VoidColumn(SourceSpan at, string name) => new(
        "LF2035", Error, at, $"'{name}' is NULL in every row and so has no type to be stored in.", "Write CAST(NULL AS type).");

    public static Diagnostic NeedsAlias(SourceSpan at, string name) => new(
        "LF2036", Error, at, $"[DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES] '{name}' cannot be the name of a stored column.",
        name.Length == 0 ? "Give it a name with AS." : "Give it a name with AS, or keep this one by TBLPROPERTIES ('delta.columnMapping.mode' = 'name').");

    public static Diagnostic PropertyValue(SourceSpan at, string property, string value, string expected) => new(
        "LF2037", Error, at, $"{property} is {expected}, not '{value}'.", $"Write {expected}.");

    public static Diagnostic PropertyProblem(SourceSpan at, string problem) => new("LF2037", Error, at, problem);

    public static Diagnostic UnknownSetting(SourceSpan at, string kind, string name, string near) => new(
        "LF2038", Warning, at, $"There is no {kind} '{name}', so it has no effect.", $"Did you mean '{near}'?");

    public static Diagnostic SettingElsewhere(SourceSpan at, string name, string what, string remedy) => new(
        "LF2038", Warning, at, $"'{name}' has no effect here: it is {what}.", remedy);

    public static Diagnostic NameTwice(SourceSpan at, string name, string clause, string errorClass, SourceSpan first) => new Diagnostic(
        "LF2065", Error, at, $"[{errorClass}] '{name}' stands in {clause} a second time.", $"It is already given in line {first.Line}; rename one of them.").Beside(first);

    /// <param name="problem">The end of a sentence that begins with the method.</param>
    public static Diagnostic CannotCallMethod(SourceSpan at, string method, string problem, string? remedy) => new(
        "LF2070", Error, at, $"The method {method} is marked [SqlFunction], but {problem}.", remedy);

    public static Diagnostic FunctionIsBuiltIn(SourceSpan at, string name, string method) => new(
        "LF2071", Error, at, $"'{name}' is a built-in function, and the method {method} is marked [SqlFunction] under the same name.",
        $"Give the method a name of its own: [SqlFunction(\"my_{name.ToLowerInvariant()}\")].");

    public static Diagnostic NotSupported(SourceSpan at, string construct, string? hint = null) => new(
        "LF2900", Error, at, $"{construct} is not supported yet.", hint);

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];
}
