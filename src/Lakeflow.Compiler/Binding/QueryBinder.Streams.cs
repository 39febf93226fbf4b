using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;

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
        if (isStream)
        {
            var good = TableStreamOptions.Check(options.Select(o => (o.Key, o.Value, o.Span)), Context.Bag);
            if (TableStreamOptions.Of(good).ReadChangeFeed) NotSupported(options[0].Span, "readChangeFeed");
            return good;
        }

        foreach (var option in options) Error(BindingErrors.WrongOption(option.Span, "WITH", "a table that is not read as a stream takes no options.", "Write STREAM before its name."));
        return ImmutableSortedDictionary<string, string>.Empty;
    }

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

    /// <summary>A table's name given as text.</summary>
    private static NameSyntax NameOf(string text, SourceSpan at) => new([.. text.Split('.').Select(p => new IdentifierSyntax(p.Trim('`'), false, at))], at);
}
