using System.Globalization;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Lambdas: C# lambdas over boxed values. Columns of the row that the body reads are boxed before, since spans cannot be captured.</summary>
internal sealed partial class ExpressionEmitter
{
    private string OfLambda(KernelParameter parameter, Expr argument)
    {
        var arity = parameter.Type.GetGenericArguments().Length - 1;
        var lambda = (Lambda)argument;
        var inner = new Loop(loop.Members, new CodeWriter(), new CodeWriter(), loop.Names, noNulls: false) { CanOutline = false };
        inner.BindAll(loop);
        foreach (var column in lambda.Body.ColumnsRead())
        {
            var captured = loop.Names.New(CSharpName.From(column.Name) + "Here");
            loop.Body.Line($"object? {captured} = {Boxed(new ColumnRef(column, lambda.Origin))};");
            inner.Bind(column, new Binding.Held(Unboxed(captured, column.Type)));
        }

        var names = new List<string>();
        for (var p = 0; p < arity; p++)
        {
            var name = loop.Names.New(p < lambda.Parameters.Length ? CSharpName.From(lambda.Parameters[p].Name) : "unused" + p.ToString(CultureInfo.InvariantCulture));
            names.Add(name);
            if (p < lambda.Parameters.Length) inner.Bind(lambda.Parameters[p], new Binding.Held(Unboxed(name, lambda.Parameters[p].Type)));
        }

        var result = new ExpressionEmitter(inner).Boxed(lambda.Body);
        var function = loop.Names.New("apply");
        var parameters = string.Join(", ", names.Select(n => "object? " + n));
        using (loop.Body.Braces($"object? {function}({parameters})"))
        {
            loop.Body.Append(inner.Prologue);
            loop.Body.Append(inner.Body);
            loop.Body.Line($"return {result};");
        }

        return function;
    }
}
