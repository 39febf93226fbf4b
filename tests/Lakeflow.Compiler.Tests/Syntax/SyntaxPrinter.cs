using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>Prints syntax as indented brackets: <c>(Binary Add (Name a) (Number 1))</c>. What is absent is left out.</summary>
internal static class SyntaxPrinter
{
    private const int MostWidth = 110;

    public static string Print(object node)
    {
        var flat = Flat(node);
        return Broken(node, flat, 0);
    }

    private static string Broken(object node, string flat, int indent)
    {
        if (flat.Length + indent <= MostWidth || node is string or NameSyntax or IdentifierSyntax) return flat;
        var text = new StringBuilder();
        var inner = new string(' ', indent + 2);
        if (node is IEnumerable list and not string)
        {
            text.Append('[');
            foreach (var item in list) text.Append('\n').Append(inner).Append(Broken(item, Flat(item), indent + 2));
            return text.Append(']').ToString();
        }

        text.Append('(').Append(Title(node));
        foreach (var (name, value) in Parts(node))
        {
            var label = name.Length == 0 ? "" : name + "=";
            text.Append('\n').Append(inner).Append(label).Append(Broken(value, Flat(value), indent + 2));
        }

        return text.Append(')').ToString();
    }

    private static string Flat(object? node) => node switch
    {
        null => "null",
        string text => '"' + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + '"',
        bool => "yes",
        Enum => node.ToString()!,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IdentifierSyntax name => name.Quoted ? $"`{name.Text}`" : name.Text,
        NameSyntax { Dynamic: { } dynamic } name => $"IDENTIFIER{Flat(dynamic)}{string.Concat(name.Parts.Select(p => "." + Flat(p)))}",
        NameSyntax name => (name.IsLive ? "LIVE." : "") + string.Join('.', name.Parts.Select(p => Flat(p))),
        NameExpressionSyntax name => Flat(name.Name),
        IEnumerable list => $"[{string.Join(' ', list.Cast<object?>().Select(Flat))}]",
        _ => $"({Title(node)}{string.Concat(Parts(node).Select(p => " " + (p.Name.Length == 0 ? "" : p.Name + "=") + Flat(p.Value)))})",
    };

    private static string Title(object node) => node.GetType().Name.Replace("Syntax", "", StringComparison.Ordinal).Replace("Expression", "", StringComparison.Ordinal);

    /// <summary>Properties in their order, without spans and without what is absent; flags by name, the first values without.</summary>
    private static IEnumerable<(string Name, object Value)> Parts(object node)
    {
        var positional = node.GetType().GetConstructors().MaxBy(c => c.GetParameters().Length)!.GetParameters().Select(p => p.Name).ToList();
        foreach (var property in node.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => positional.IndexOf(p.Name) is var at && at < 0 ? 99 : at))
        {
            if (property.Name.EndsWith("Span", StringComparison.Ordinal) || property.Name is "EqualityContract") continue;
            if (!property.CanWrite) continue;
            var value = property.GetValue(node);
            if (value is null or false or ICollection { Count: 0 }) continue;
            if (value is bool) yield return (property.Name, value);
            else if (property.Name is "Name" or "Value" or "Left" or "Right" or "Operator" or "Expression" or "Text" or "Body" or "Query" or "Input" or "Items" or "Kind") yield return ("", value);
            else yield return (property.Name, value);
        }
    }
}
