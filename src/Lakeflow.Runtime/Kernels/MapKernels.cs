namespace Lakeflow.Runtime.Kernels;

/// <summary>Functions of MAP and STRUCT, on boxed values. A map keeps the order in which it was built.</summary>
public static class MapKernels
{
    /// <summary><c>map(k1, v1, …)</c>.</summary>
    public static object Make(object?[] arguments, int site)
    {
        var pairs = new KeyValuePair<object, object?>[arguments.Length / 2];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = Pair(arguments[2 * i], arguments[(2 * i) + 1], site);
        return Checked(pairs, site);
    }

    public static object FromArrays(object? keys, object? values, int site)
    {
        object?[] k = (object?[])keys!, v = (object?[])values!;
        if (k.Length != v.Length) Throw.Raise(site, $"{k.Length} keys for {v.Length} values.", "INVALID_PARAMETER_VALUE");
        return Checked([.. k.Select((x, i) => Pair(x, v[i], site))], site);
    }

    /// <summary>From structs of key and value; NULL if one of them is NULL.</summary>
    public static object? FromEntries(object? entries, int site)
    {
        var rows = (object?[])entries!;
        return rows.Contains(null) ? null : Checked([.. rows.Select(r => Pair(((object?[])r!)[0], ((object?[])r)[1], site))], site);
    }

    public static object Concat(object?[] maps, int site) => Checked([.. maps.SelectMany(m => (KeyValuePair<object, object?>[])m!)], site);

    /// <summary><c>m[k]</c>, <c>element_at(m, k)</c>: NULL if there is no such key.</summary>
    public static object? At(object? map, object? key)
    {
        foreach (var pair in (KeyValuePair<object, object?>[])map!)
        {
            if (BoxedValues.Equal(pair.Key, key)) return pair.Value;
        }

        return null;
    }

    public static bool ContainsKey(object? map, object? key) => Array.Exists((KeyValuePair<object, object?>[])map!, p => BoxedValues.Equal(p.Key, key));

    public static object Keys(object? map) => Array.ConvertAll((KeyValuePair<object, object?>[])map!, p => (object?)p.Key);

    public static object Values(object? map) => Array.ConvertAll((KeyValuePair<object, object?>[])map!, p => p.Value);

    public static object Entries(object? map) => Array.ConvertAll((KeyValuePair<object, object?>[])map!, p => (object?)new[] { p.Key, p.Value });

    /// <summary><c>a:1,b:2</c> by two delimiters (regular expressions).</summary>
    public static object FromText(Utf8 text, RegexPattern pairs, RegexPattern keyValue, int site) =>
        Checked([.. pairs.Split(text, -1).Select(p => keyValue.Split(Utf8.From((string)p!), 2)).Select(p => Pair(p[0], p.Length > 1 ? p[1] : null, site))], site);

    public static object FromTextDefault(Utf8 text, int site) => FromText(text, RegexPattern.Compile(","), RegexPattern.Compile(":"), site);

    /// <summary>The values of a struct, in order: <c>struct(…)</c>, and <c>named_struct</c> without its names.</summary>
    public static object Row(object?[] values) => values;

    /// <summary><c>named_struct('a', x, …)</c>.</summary>
    public static object NamedRow(object?[] arguments) => arguments.Where((_, i) => i % 2 == 1).ToArray();

    private static KeyValuePair<object, object?> Pair(object? key, object? value, int site)
    {
        if (key is null) Throw.NullKey(site);
        return new(key, value);
    }

    private static KeyValuePair<object, object?>[] Checked(KeyValuePair<object, object?>[] pairs, int site)
    {
        var seen = new HashSet<object?>(BoxedValues.Instance);
        foreach (var pair in pairs)
        {
            if (!seen.Add(pair.Key)) Throw.DuplicateKey(site, pair.Key);
        }

        return pairs;
    }
}
