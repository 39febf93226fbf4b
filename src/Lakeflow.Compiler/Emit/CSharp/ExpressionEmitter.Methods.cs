using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Calls of the user's own methods.</summary>
internal sealed partial class ExpressionEmitter
{
    /// <summary>A type of the user's as generated code writes it.</summary>
    public static string TypeOf(string type) => "global::" + CSharpName.Namespace(type);

    /// <summary>A call, by name, where all arguments that must not be NULL have values. What it throws is told with its place and its arguments.</summary>
    private Value OfMethod(Call call, UserMethod method)
    {
        var site = CSharpLiteral.Of(loop.Members.Flow.Site(call));
        var needed = new List<string>();
        var passed = new List<(string Text, MethodValue Parameter)>();
        foreach (var (argument, parameter) in call.Arguments.Zip(method.Parameters))
        {
            var value = EmitHeld(argument, CSharpName.From(parameter.Name));
            if (!parameter.Nullable) needed.Add(value.Valid);
            passed.Add((Passed(value, argument, parameter, site), parameter));
        }

        var condition = Value.And([.. needed]);
        if (condition == Value.Never) return new Value($"default({PhysicalTypes.NameOf(call.Type)})", Value.Never);

        var given = method.Result;
        var result = loop.Names.New(CSharpName.From(call.Function.Name));
        var thrown = loop.Names.New("thrown");
        var name = CSharpLiteral.Of(method.FullName);
        var invoked = $"{TypeOf(method.Type)}.{CSharpName.Namespace(method.Name)}({string.Join(", ", passed.Select(p => p.Text))})";
        if (given is { Type.IsReference: true, Nullable: false }) invoked = $"Throw.NotNull({site}, {name}, {invoked})";
        if (condition != Value.Always && !Value.IsSimple(condition))
        {
            var held = loop.Names.New("hasValues");
            loop.Body.Line($"var {held} = {condition};");
            condition = held;
        }

        loop.Body.Line($"{given.Type.CSharp}{(given.Nullable || given.Type.IsReference ? "?" : "")} {result} = default;");
        using (condition == Value.Always ? null : (IDisposable)loop.Body.Braces($"if ({condition})"))
        {
            using (loop.Body.Braces("try")) loop.Body.MappedTo(call.Origin, $"{result} = {invoked};");
            using (loop.Body.Braces($"catch (Exception {thrown}) when ({thrown} is not KernelFault)"))
                loop.Body.Line($"throw Throw.ByMethod({string.Join(", ", [site, name, thrown, .. passed.Select(p => Shown(p.Text, p.Parameter.Type))])});");
        }

        if (call.Type is StringType && given.Type.IsReference) loop.Members.Scratch();
        var isValue = given.Nullable && !given.Type.IsReference;
        var text = given.Type.FromMethod(isValue ? $"{result}.GetValueOrDefault()" : result, call.Type, site);
        return new Value(text, given.Nullable ? $"{result} is not null" : condition);
    }

    /// <summary>An argument in the parameter's own type, so that C# takes the very overload that was resolved.</summary>
    private static string Passed(Value value, Expr argument, MethodValue parameter, string site)
    {
        var type = parameter.Type;
        var nullable = type.CSharp + (parameter.Nullable ? "?" : "");
        if (value.IsAlwaysNull) return $"default({nullable})";
        var text = type.ToMethod(Value.IsSimple(value.Text) || value.Text.StartsWith('"') ? value.Text : Value.Wrap(value.Text), argument.Type, site);
        if (argument is Literal && text == value.Text && !type.IsRefStruct) text = $"({type.CSharp}){Value.Wrap(text)}";
        return !parameter.Nullable || value.IsNeverNull ? text : $"({value.Valid} ? {text} : default({nullable}))";
    }

    /// <summary>An argument as a message shows it.</summary>
    private static string Shown(string passed, MethodType type) => type switch
    {
        { IsRefStruct: true, Sql: StringType } => $"new Utf8({passed}).ToString()",
        { Sql: BinaryType } => $"({passed}){(type.IsReference ? "?" : "")}.Length",
        _ => passed,
    };
}
