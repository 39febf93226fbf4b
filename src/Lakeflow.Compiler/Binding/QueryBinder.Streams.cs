using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>Options of streams over tables: <c>STREAM t WITH (…)</c> and <c>read_stream('t', …)</c>.</summary>
internal sealed partial class QueryBinder
{
    /// <summary>A table's rows, or with <c>readChangeFeed</c> its changes.</summary>
    private Relation ScanTable(TableSource source, TableRefSyntax syntax, Schema columns, ImmutableArray<string> qualifier, HashSet<string> broken)
    {
        source = source with { Options = StreamOptions(syntax.Options, syntax.IsStream) };
        return Scan(source, WithChanges(columns, source.Options), qualifier, broken, () => Context.Catalog.SizeOfTable(source.Table), syntax.Span);
    }

    private ImmutableSortedDictionary<string, string> StreamOptions(ImmutableArray<PropertySyntax> options, bool isStream)
    {
        if (isStream) return TableStreamOptions.Check(options.Select(o => (o.Key, o.Value, o.Span)), Context.Bag);
        foreach (var option in options) Error(BindingErrors.WrongOption(option.Span, "WITH", "a table that is not read as a stream takes no options.", "Write STREAM before its name."));
        return ImmutableSortedDictionary<string, string>.Empty;
    }

    /// <summary>True if a stream has said what it does where rows of its table change.</summary>
    private static bool TakesChanges(ImmutableArray<PropertySyntax> options) =>
        options.Any(o => o.Key.Equals("readChangeFeed", StringComparison.OrdinalIgnoreCase) || o.Key.Equals("readChangeData", StringComparison.OrdinalIgnoreCase) || o.Key.Equals("skipChangeCommits", StringComparison.OrdinalIgnoreCase));

    private void NoOptions(TableRefSyntax syntax, string what)
    {
        foreach (var option in syntax.Options)
            Error(BindingErrors.WrongOption(option.Span, "WITH", $"{what} takes no options.", "Give them to the tables that it reads."));
    }

    private static Schema WithChanges(Schema columns, ImmutableSortedDictionary<string, string> options) =>
        TableStreamOptions.Of(options).ReadChangeFeed ? new Schema(columns.Fields.AddRange(ChangeColumns.All)) : columns;

    /// <summary><c>read_stream('t', skipChangeCommits => true)</c>, the older form of <c>STREAM t WITH (…)</c>.</summary>
    private Relation BindReadStream(TableFunctionSyntax syntax)
    {
        var options = ImmutableArray.CreateBuilder<PropertySyntax>();
        NameSyntax? name = null;
        var broken = false;
        foreach (var argument in syntax.Arguments)
        {
            var text = TextOf(argument.Value, argument.Name is null ? "The table of read_stream" : $"The option {argument.Name.Text}", ref broken);
            if (argument.Name is { } option) options.Add(new PropertySyntax(option.Text, text, argument.Span));
            else if (name is null && text is not null) name = NameOf(text, argument.Span);
            else broken = true;
        }

        if (name is null || broken)
        {
            if (!Context.Bag.HasErrors) Error(BindingErrors.WrongOption(syntax.Span, "read_stream", "it takes the name of a table, then options.", "Write read_stream('orders', skipChangeCommits => true)."));
            return BrokenRelation(syntax, true);
        }

        return BindTable(new TableRefSyntax(name, IsStream: true, null, options.ToImmutable(), syntax.Span) { Alias = syntax.Alias });
    }

    /// <summary><c>STREAM read_rate(rowsPerSecond => 10)</c>: rows made by the clock.</summary>
    private Relation BindRate(TableFunctionSyntax syntax)
    {
        var name = syntax.Name.Last.Text;
        if (!syntax.IsStream)
        {
            Error(BindingErrors.WrongOption(syntax.Span, name, "a rate is a stream.", "Write STREAM before it; for numbers in a batch query there is range(…)."));
            return BrokenRelation(syntax, true);
        }

        var broken = false;
        var given = new List<(string, string?, SourceSpan)>();
        foreach (var argument in syntax.Arguments)
        {
            if (argument.Name is null)
            {
                Error(BindingErrors.WrongOption(argument.Span, name, "options are written name => value."));
                broken = true;
                continue;
            }

            given.Add((argument.Name.Text, TextOf(argument.Value, $"The option {argument.Name.Text}", ref broken), argument.Span));
        }

        if (broken) return BrokenRelation(syntax, true);
        return Aliased(Scan(new RateSource(RateRows.Check(given, Context.Bag)), RateRows.AllColumns, [name], [], null, syntax.Span), syntax.Alias, [name]);
    }

    /// <summary><c>table_changes('t', first[, last])</c>: the changes of some versions, given by number or by time.</summary>
    private Relation BindTableChanges(TableFunctionSyntax syntax)
    {
        var broken = false;
        if (syntax.IsStream)
        {
            Error(BindingErrors.WrongOption(syntax.Span, "table_changes", "it is no stream.", "Write STREAM t WITH (readChangeFeed)."));
            return BrokenRelation(syntax, true);
        }

        if (syntax.Arguments is not [{ Name: null }, { Name: null }] and not [{ Name: null }, { Name: null }, { Name: null }])
        {
            Error(BindingErrors.WrongArguments(syntax.Span, "table_changes takes a table's name, a first version or time, and perhaps a last one."));
            return BrokenRelation(syntax, false);
        }

        var text = TextOf(syntax.Arguments[0].Value, "The table of table_changes", ref broken);
        var first = Bound(syntax.Arguments[1].Value);
        var last = syntax.Arguments.Length > 2 ? Bound(syntax.Arguments[2].Value) : default;
        if (broken || text is null || (first.Version ?? first.Micros) is null) return BrokenRelation(syntax, false);
        if (syntax.Arguments.Length > 2 && (first.Version is null) != (last.Version is null))
        {
            Error(BindingErrors.WrongArguments(syntax.Span, "table_changes takes two versions or two times, not one of each."));
            return BrokenRelation(syntax, false);
        }

        var name = NameOf(text, syntax.Arguments[0].Span);
        var relation = BindTable(new TableRefSyntax(name, IsStream: false, null, [], syntax.Span));
        if (relation.Plan is not Scan { Source: TableSource table } scan)
        {
            if (relation.Plan is not ErrorPlan) Error(BindingErrors.WrongOption(syntax.Arguments[0].Span, "table_changes", $"{text} is no table, so it has no changes."));
            return BrokenRelation(syntax, false);
        }

        var range = new ChangeRange(first.Version, first.Micros, last.Version, last.Micros);
        var columns = new Schema(scan.Output.Select(c => new Field(c.Name, c.Type, c.Nullable)).Concat(ChangeColumns.All).ToImmutableArray());
        return Aliased(Scan(table with { Changes = range }, columns, [name.Last.Text], [], null, syntax.Span), syntax.Alias, [name.Last.Text]);

        (long? Version, long? Micros) Bound(ExpressionSyntax value) =>
            VersionOrTime(value is StringLiteralSyntax ? new TimeTravelSyntax(null, value, value.Span)
                : value is TypedLiteralSyntax ? new TimeTravelSyntax(null, value, value.Span) : new TimeTravelSyntax(value, null, value.Span));
    }

    /// <summary>A table's name given as text.</summary>
    private static NameSyntax NameOf(string text, SourceSpan at)
    {
        var parts = ImmutableArray.CreateBuilder<IdentifierSyntax>();
        var (start, quoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '`') quoted = !quoted;
            if (i < text.Length && (quoted || text[i] != '.')) continue;
            var part = text[start..i].Trim();
            var isQuoted = part.Length > 1 && part[0] == '`' && part[^1] == '`';
            parts.Add(new IdentifierSyntax(isQuoted ? part[1..^1].Replace("``", "`", StringComparison.Ordinal) : part, isQuoted, at));
            start = i + 1;
        }

        return new NameSyntax(parts.ToImmutable(), at);
    }

    /// <summary>The name with <c>IDENTIFIER(…)</c> replaced by the name that its text is; null, reported, where it is no constant.</summary>
    public NameSyntax? Settled(NameSyntax name)
    {
        if (name.Dynamic is null) return name;
        var broken = false;
        var text = TextOf(name.Dynamic, "The name in IDENTIFIER(…)", ref broken);
        if (broken) return null;
        var settled = NameOf(text ?? "", name.Span);
        return settled with { Parts = settled.Parts.AddRange(name.Parts) };
    }
}
