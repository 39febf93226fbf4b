using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Names: column of FROM, then alias, then column of the outer query; what follows are fields.</summary>
internal sealed partial class ExpressionBinder
{
    /// <summary>Functions that SQL writes without brackets.</summary>
    private static readonly HashSet<string> WithoutBrackets = new(StringComparer.OrdinalIgnoreCase)
    {
        "current_date", "current_timestamp", "current_time", "localtimestamp", "current_user", "session_user", "user", "current_catalog", "current_schema", "current_database",
        "current_timezone",
    };

    private readonly Stack<(string Name, PlanColumn Column)> lambdaScope = new();

    private Expr BindName(NameSyntax name)
    {
        if (name.Dynamic is not null) return query.Settled(name) is { } settled ? BindName(settled) : new ErrorExpr(name.Span);
        if (TryResolve(name, reportAmbiguity: true) is { } found) return found;
        if (name.Parts.Length == 1 && !name.Last.Quoted && WithoutBrackets.Contains(name.Last.Text) && FunctionTable.Find(name.Last.Text) is { } function)
            return Apply(function, [], name.Span);
        if (MustBeConstant) return Fail(BindingErrors.NotConstant(name.Span, clause));
        if (MayHold(name)) return new ErrorExpr(name.Span);
        return Fail(UnknownColumn(name));
    }

    /// <summary>What there is instead: columns of the table that was named, or tables if that is no table either.</summary>
    private Diagnostic UnknownColumn(NameSyntax name)
    {
        string[] table = [.. name.Parts[..^1].Select(p => p.Text)];
        if (table is []) return BindingErrors.UnknownColumn(name.Span, name.ToString(), scope.Names);
        var columns = scope.Columns.Where(c => c.Visibility != Visibility.Hidden && c.IsFrom(table)).Select(c => c.Name).ToList();
        if (columns.Count > 0) return BindingErrors.UnknownColumnOf(name.Span, name.ToString(), table[^1], columns);
        var elsewhere = scope.Find([], name.Last.Text) is [var same, ..] ? same.FullName : null;
        return BindingErrors.UnknownTableOfColumn(name.Span, name.ToString(), table[0], elsewhere, scope.Qualifiers, scope.Names);
    }

    /// <summary>The column, alias, lambda parameter or outer column; null if there is none.</summary>
    private Expr? TryResolve(NameSyntax name, bool reportAmbiguity)
    {
        var first = name.Parts[0];
        foreach (var (variable, column) in lambdaScope)
        {
            if (string.Equals(variable, first.Text, StringComparison.OrdinalIgnoreCase))
                return Fields(new LambdaVariable(column, first.Span), name, 1);
        }

        if (InScope(name, reportAmbiguity) is { } inScope) return inScope;
        if (Aliases?.Invoke(first) is { } alias) return Fields(alias, name, 1);
        return query.ResolveOuter(name);
    }

    private Expr? InScope(NameSyntax name, bool reportAmbiguity)
    {
        Span<string> parts = [.. name.Parts.Select(p => p.Text)];
        for (var qualifiers = Math.Min(3, parts.Length - 1); qualifiers >= 0; qualifiers--)
        {
            var found = scope.Find(parts[..qualifiers], parts[qualifiers]);
            if (found.Count == 0) continue;
            if (found.Count > 1 && found.Any(f => f.Column.Id != found[0].Column.Id))
            {
                return reportAmbiguity
                    ? Fail(BindingErrors.AmbiguousColumn(name.Span, name.ToString(), found.Select(f => f.FullName)))
                    : new ErrorExpr(name.Span);
            }

            var column = found[0];
            var span = name.Parts[0].Span.To(name.Parts[qualifiers].Span);
            if (column.IsBroken) return new ErrorExpr(span);
            return Fields(new ColumnRef(column.Column, span), name, qualifiers + 1);
        }

        return null;
    }

    /// <summary>For the subquery inside: a column of this query, or of one around it; null if there is none.</summary>
    public Expr? ResolveForInner(NameSyntax name) => InScope(name, reportAmbiguity: true) is { } found ? found
        : MayHold(name) ? new ErrorExpr(name.Span)
        : query.ResolveOuter(name);

    private bool MayHold(NameSyntax name)
    {
        Span<string> parts = [.. name.Parts.Select(p => p.Text)];
        for (var qualifiers = Math.Min(3, parts.Length - 1); qualifiers >= 0; qualifiers--)
        {
            if (scope.MayHold(parts[..qualifiers])) return true;
        }

        return false;
    }

    private Expr Fields(Expr value, NameSyntax name, int from)
    {
        for (var i = from; i < name.Parts.Length; i++) value = Field(value, name.Parts[i]);
        return value;
    }

    private Expr Field(Expr value, IdentifierSyntax field)
    {
        var span = value.Origin.To(field.Span);
        switch (value.Type)
        {
            case var _ when value is ErrorExpr:
                return value;
            case StructType row:
                var index = row.IndexOf(field.Text);
                return index < 0
                    ? Fail(BindingErrors.UnknownField(field.Span, field.Text, row, row.Fields.Select(f => f.Name)))
                    : new GetField(value, index, row.Fields[index].Type, value.Nullable || row.Fields[index].Nullable, span);
            case MapType { Key.Type: StringType }:
                return Apply("[]", [value, new Literal(field.Text, DataType.String, field.Span)], span);
            case ListType { Element.Type: StructType }:
                return FieldOfEach(value, field, span);
            default:
                return Fail(BindingErrors.CannotAccess(field.Span, $"The field '{field.Text}'", value.Type));
        }
    }

    /// <summary><c>items.price</c> over an ARRAY of STRUCTs is the ARRAY of the prices.</summary>
    private Expr FieldOfEach(Expr array, IdentifierSyntax field, SourceSpan span)
    {
        var element = ((ListType)array.Type).Element;
        var variable = query.Ids.NewColumn("x", element.Type, element.Nullable);
        var body = Field(new LambdaVariable(variable, span), field);
        return body is ErrorExpr ? body : Apply("transform", [array, new Lambda([variable], body, span)], span);
    }
}
