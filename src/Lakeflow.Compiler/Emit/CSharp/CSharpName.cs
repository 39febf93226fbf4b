using System.Globalization;
using System.Text;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>C# identifiers from the names that the SQL uses.</summary>
public static class CSharpName
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default",
        "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto",
        "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out",
        "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using", "virtual", "void", "volatile", "while", "var", "value", "field", "scoped", "await", "async", "record", "required", "file", "dynamic", "nameof", "when", "where", "yield",
    };

    /// <summary>A name for a local or a parameter: <c>unit price</c> → <c>unit_price</c>, <c>class</c> → <c>class_</c>, <c>Country</c> → <c>country</c>.</summary>
    public static string From(string sql)
    {
        var name = Clean(sql);
        var lower = 0;
        // ORDERKEY → orderkey, OrderKey → orderKey, URLPart → urlPart
        while (lower < name.Length && char.IsUpper(name[lower]) && (lower == 0 || lower + 1 == name.Length || !char.IsLower(name[lower + 1]))) lower++;
        name = name[..lower].ToLowerInvariant() + name[lower..];
        return Keywords.Contains(name) ? name + "_" : name;
    }

    /// <summary>A name for a class, property or method: <c>clean_orders</c> → <c>CleanOrders</c>.</summary>
    public static string Pascal(string sql)
    {
        var text = new StringBuilder();
        foreach (var part in Clean(sql).Split('_', StringSplitOptions.RemoveEmptyEntries))
            text.Append(char.ToUpperInvariant(part[0])).Append(IsAllUpper(part) && part.Length > 2 ? part[1..].ToLowerInvariant() : part[1..]);
        if (text.Length == 0) return "Flow";
        return char.IsAsciiDigit(text[0]) ? "N" + text : text.ToString();
    }

    /// <summary>A namespace from a project's name: <c>my-shop.orders</c> → <c>my_shop.orders</c>, as the .NET SDK does for its own.</summary>
    public static string Namespace(string name)
    {
        var parts = name.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(part => new string([.. part.Select(c => char.IsLetterOrDigit(c) || c == '_' ? c : '_')]));
        return string.Join('.', parts.Select(part => char.IsDigit(part[0]) ? "_" + part : Keywords.Contains(part) ? "@" + part : part));
    }

    private static bool IsAllUpper(string part) => part.All(c => !char.IsLower(c));

    private static string Clean(string sql)
    {
        var text = new StringBuilder(sql.Length);
        foreach (var c in sql.Length > 60 ? sql[..60] : sql)
        {
            var category = char.GetUnicodeCategory(c);
            var letter = category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;
            if (letter || c == '_' || (char.IsAsciiDigit(c) && text.Length > 0)) text.Append(c);
            else if (char.IsAsciiDigit(c)) text.Append('n').Append(c);
            else if (text.Length > 0 && text[^1] != '_') text.Append('_');
        }

        while (text.Length > 1 && text[^1] == '_') text.Length--;
        return text.Length == 0 || (text.Length == 1 && text[0] == '_') ? "expression" : text.ToString();
    }
}

/// <summary>The names taken in a method or class: gives each wish a name of its own, numbered only where two wishes collide.</summary>
internal sealed class NameScope
{
    private readonly HashSet<string> taken;

    public NameScope(params ReadOnlySpan<string> reserved) => taken = new HashSet<string>(reserved.ToArray(), StringComparer.Ordinal);

    public NameScope(NameScope outer) => taken = new HashSet<string>(outer.taken, StringComparer.Ordinal);

    /// <summary>True where a name would hide a type that generated code uses, or what every object has: among classes, and among members that are written like them.</summary>
    public bool AvoidsTypes { get; init; }

    /// <summary>The name itself if it is free, else with the first free number from 2 on.</summary>
    /// <param name="wish">The name.</param>
    /// <param name="endings">Members beside it are called like it, with these behind: they are taken with it.</param>
    public string New(string wish, params ReadOnlySpan<string> endings)
    {
        var name = wish;
        for (var number = 2; !IsFree(name, endings); number++) name = wish + number.ToString(CultureInfo.InvariantCulture);
        taken.Add(name);
        foreach (var ending in endings) taken.Add(name + ending);
        return name;
    }

    private bool IsFree(string name, ReadOnlySpan<string> endings)
    {
        if (taken.Contains(name) || (AvoidsTypes && Imports.HaveType(name))) return false;
        foreach (var ending in endings)
        {
            if (taken.Contains(name + ending)) return false;
        }

        return true;
    }
}
