using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>Parsing as tests want it.</summary>
internal static class Sql
{
    public static ScriptSyntax Script(string text, params (string Key, string Value)[] configuration)
    {
        var bag = new DiagnosticBag();
        var script = Parser.ParseScript(new SourceText("a.lfsql", text), Options(configuration), bag);
        Assert.False(bag.HasErrors, new DiagnosticFormatter([script.Source]).Format(bag.ToImmutable()));
        return script;
    }

    public static T Statement<T>(string text)
        where T : StatementSyntax => Assert.IsType<T>(Assert.Single(Script(text).Statements));

    public static ExpressionSyntax Expression(string text)
    {
        var bag = new DiagnosticBag();
        var expression = Parser.ParseExpression(new SourceText("", text), ParseOptions.Default, bag);
        Assert.True(!bag.HasErrors && expression is not null, $"{text}: {bag.ToImmutable().FirstOrDefault()}");
        return expression;
    }

    public static string Print(string expression) => SyntaxPrinter.Print(Expression(expression));

    public static string Errors(string text, params (string Key, string Value)[] configuration)
    {
        var bag = new DiagnosticBag();
        var source = new SourceText("a.lfsql", text);
        Parser.ParseScript(source, Options(configuration), bag);
        return new DiagnosticFormatter([source]).Format(bag.ToImmutable());
    }

    public static ParseOptions Options((string Key, string Value)[] configuration) => new(configuration.ToDictionary(c => c.Key, c => c.Value));
}
