using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Files as tables: <c>read_files</c>, <c>cloud_files</c>, <c>csv.`…`</c>, <c>delta.`…`</c>.</summary>
internal sealed partial class QueryBinder
{
    private Relation BindFiles(TableFunctionSyntax syntax, string function)
    {
        var settings = new List<OptionSetting>();
        string? path = null, format = null;
        var at = syntax.Span;
        var position = 0;
        var broken = false;
        foreach (var argument in syntax.Arguments)
        {
            if (argument.Name is { } name)
            {
                Add(name.Text, argument.Value, argument.Span);
                continue;
            }

            switch (position++)
            {
                case 0:
                    path = TextOf(argument.Value, $"The path of {function}", ref broken);
                    at = argument.Span;
                    break;
                case 1 when function == "cloud_files":
                    format = TextOf(argument.Value, "The format of cloud_files", ref broken);
                    break;
                case 2 when function == "cloud_files" && argument.Value is CallSyntax { Name.Last.Text: var map } options && string.Equals(map, "map", StringComparison.OrdinalIgnoreCase):
                    for (var i = 0; i + 1 < options.Arguments.Length; i += 2)
                    {
                        if (TextOf(options.Arguments[i].Value, "An option's name", ref broken) is { } key)
                            Add(key, options.Arguments[i + 1].Value, options.Arguments[i].Span);
                    }

                    break;
                default:
                    Error(BindingErrors.WrongOption(argument.Span, function, "options are written name => value."));
                    broken = true;
                    break;
            }
        }

        if (path is null && !broken)
        {
            Error(BindingErrors.WrongOption(syntax.Span, function, "the path is missing.", $"Write {function}('…/in', …) or {function}(path => '…')."));
            broken = true;
        }

        if (broken) return BrokenRelation(syntax, syntax.IsStream);
        var request = new FileRequest(path!, function, format, null, null, [], syntax.IsStream, at);
        return FilesOf(request, settings, syntax);

        void Add(string name, ExpressionSyntax value, SourceSpan span)
        {
            name = WithoutPrefix(name);
            if (string.Equals(name, "path", StringComparison.OrdinalIgnoreCase))
            {
                path = TextOf(value, "The path", ref broken);
                at = value.Span;
            }
            else if (settings.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase)) is not null)
            {
                Error(BindingErrors.WrongOption(span, function, $"the option {name} stands twice."));
                broken = true;
            }
            else
            {
                settings.Add(new OptionSetting(name, TextOf(value, $"The option {name}", ref broken), span));
            }
        }
    }

    private static string WithoutPrefix(string option) =>
        option.StartsWith("cloudFiles.", StringComparison.OrdinalIgnoreCase) ? option["cloudFiles.".Length..] : option;

    /// <summary>The text of a constant; null, reported, where it is none.</summary>
    private string? TextOf(ExpressionSyntax syntax, string what, ref bool broken)
    {
        var value = Constant(what, syntax);
        switch (value)
        {
            case Literal { Value: string text }:
                return text;
            case Literal { Value: bool b }:
                return b ? "true" : "false";
            case Literal { Value: Int128 } number:
                return number.ToString();
            case Literal { Value: IFormattable number }:
                return number.ToString(null, CultureInfo.InvariantCulture);
            case Literal { Value: null }:
                return null;
            case ErrorExpr:
                broken = true;
                return null;
            default:
                Error(BindingErrors.NotConstant(syntax.Span, what));
                broken = true;
                return null;
        }
    }

    /// <summary>Asks the catalog for the columns, with <c>format</c>, <c>schema</c> and <c>schemaHints</c> taken out of the options.</summary>
    private Relation FilesOf(FileRequest request, List<OptionSetting> settings, FromSyntax syntax)
    {
        var rest = ImmutableArray.CreateBuilder<OptionSetting>();
        var broken = false;
        foreach (var setting in settings)
        {
            switch (setting.Name.ToLowerInvariant())
            {
                case "format":
                    request = request with { Format = setting.Value };
                    break;
                case "schema" when setting.Value is not null:
                    request = request with { Schema = Columns(setting.Value, setting.At) };
                    broken |= request.Schema is null;
                    break;
                case "schemahints" when setting.Value is not null:
                    request = request with { SchemaHints = Columns(setting.Value, setting.At) };
                    broken |= request.SchemaHints is null;
                    break;
                default:
                    rest.Add(setting);
                    break;
            }
        }

        if (broken || Context.Catalog.ResolveFiles(request with { Options = rest.ToImmutable() }, Context.Bag) is not { } files) return BrokenRelation(syntax, request.Streaming);
        var source = new FilesSource(request.Path, files.Format, files.Options, files.Columns, request.Streaming);
        var relation = Scan(source, new Schema(files.Columns.Fields.Add(ResolvedFiles.Metadata)), [], [], () => files.Size, syntax.Span);
        var columns = relation.Scope.Columns;
        columns = columns.SetItem(columns.Length - 1, columns[^1] with { Visibility = Visibility.Hidden });
        return Aliased(relation with { Scope = new Scope(columns, []) }, syntax.Alias, [request.Function == "path" ? files.Format : request.Function]);
    }

    private Schema? Columns(string ddl, SourceSpan at) => Parser.ParseSchema(ddl, at, Context.Bag) is { } columns ? TypeBinder.Fields(columns, Context.Bag) : null;

    private Relation BindPathTable(PathTableSyntax syntax)
    {
        var isTable = syntax.Format == "delta" || (syntax.Format is null && Context.Catalog.FindPathTable(syntax.Path) is not null);
        if (!isTable) foreach (var option in syntax.Options) Error(BindingErrors.WrongOption(option.Span, "WITH", "options of files are arguments of read_files."));
        if (syntax.Format is null && Context.Catalog.FindPathTable(syntax.Path) is null)
            return FilesOf(new FileRequest(syntax.Path, "path", null, null, null, [], syntax.IsStream, syntax.Span), [], syntax);

        if (syntax.Format is not (null or "delta"))
        {
            if (syntax.AsOf is not null) NotSupported(syntax.AsOf.Span, "Time travel of files");

            // Spark reads csv.`…` without a header, where read_files takes the first line for one.
            List<OptionSetting> options = syntax.Format == "csv" ? [new OptionSetting("header", "false", syntax.Span)] : [];
            return FilesOf(new FileRequest(syntax.Path, "path", syntax.Format, null, null, [], syntax.IsStream, syntax.Span), options, syntax);
        }

        if (syntax.AsOf is not null) NotSupported(syntax.AsOf.Span, "Time travel of a table named by its path");
        if (Context.Catalog.FindPathTable(syntax.Path) is not { } columns)
        {
            Error(BindingErrors.UnknownTable(syntax.Span, $"delta.`{syntax.Path}`", [], Context.Catalog.UnknownTableHint));
            return BrokenRelation(syntax, syntax.IsStream);
        }

        var source = new PathTableSource(syntax.Path, syntax.IsStream) { Options = StreamOptions(syntax.Options, syntax.IsStream) };
        return Aliased(Scan(source, WithChanges(columns, source.Options), ["delta", syntax.Path], [], () => Context.Catalog.SizeOfPathTable(syntax.Path), syntax.Span), syntax.Alias, ["delta", syntax.Path]);
    }
}
