namespace Lakeflow.Runtime.Kernels;

/// <summary>Functions that take a lambda, on boxed values. The delegate has as many parameters as the lambda was written with.</summary>
public static class HigherOrderKernels
{
    public static object Transform(object? array, Func<object?, object?> body) => ((object?[])array!).Select(body).ToArray();

    /// <summary><c>transform(a, (x, i) -> …)</c>, the index from 0.</summary>
    public static object TransformIndexed(object? array, Func<object?, object?, object?> body) => ((object?[])array!).Select((x, i) => body(x, i)).ToArray();

    public static object Filter(object? array, Func<object?, object?> keep) => ((object?[])array!).Where(x => keep(x) is true).ToArray();

    public static object FilterIndexed(object? array, Func<object?, object?, object?> keep) => ((object?[])array!).Where((x, i) => keep(x, i) is true).ToArray();

    /// <summary>TRUE if one holds; NULL if none does and one is NULL.</summary>
    public static bool TryExists(object? array, Func<object?, object?> test, out bool result)
    {
        var answers = ((object?[])array!).Select(test).ToList();
        result = answers.Contains(true);
        return result || !answers.Contains(null);
    }

    public static bool TryForAll(object? array, Func<object?, object?> test, out bool result)
    {
        var answers = ((object?[])array!).Select(test).ToList();
        result = !answers.Contains(false);
        return !result || !answers.Contains(null);
    }

    public static object? Aggregate(object? array, object? start, Func<object?, object?, object?> merge) => ((object?[])array!).Aggregate(start, merge);

    public static object? AggregateAndFinish(object? array, object? start, Func<object?, object?, object?> merge, Func<object?, object?> finish) =>
        finish(Aggregate(array, start, merge));

    public static object ZipWith(object? a, object? b, Func<object?, object?, object?> body)
    {
        object?[] x = (object?[])a!, y = (object?[])b!;
        return Enumerable.Range(0, Math.Max(x.Length, y.Length)).Select(i => body(i < x.Length ? x[i] : null, i < y.Length ? y[i] : null)).ToArray();
    }

    /// <summary>By a comparison that gives a negative, zero or positive number.</summary>
    public static object SortBy(object? array, Func<object?, object?, object?> compare, int site)
    {
        var items = ((object?[])array!).ToList();
        // A stable insertion by merge: List.Sort may not be asked to trust a user's comparison.
        return Merge([.. items], (a, b) =>
        {
            var order = compare(a, b);
            if (order is null) Throw.Raise(site, "The comparison gave NULL.", "COMPARATOR_RETURNS_NULL");
            return Convert.ToInt32(order, System.Globalization.CultureInfo.InvariantCulture);
        });
    }

    public static object MapFilter(object? map, Func<object?, object?, object?> keep) =>
        Array.FindAll((KeyValuePair<object, object?>[])map!, p => keep(p.Key, p.Value) is true);

    public static object TransformKeys(object? map, Func<object?, object?, object?> body, int site)
    {
        var pairs = (KeyValuePair<object, object?>[])map!;
        return MapKernels.FromArrays(pairs.Select(p => body(p.Key, p.Value)).ToArray(), pairs.Select(p => p.Value).ToArray(), site);
    }

    public static object TransformValues(object? map, Func<object?, object?, object?> body) =>
        Array.ConvertAll((KeyValuePair<object, object?>[])map!, p => new KeyValuePair<object, object?>(p.Key, body(p.Key, p.Value)));

    public static object MapZipWith(object? a, object? b, Func<object?, object?, object?, object?> body)
    {
        KeyValuePair<object, object?>[] x = (KeyValuePair<object, object?>[])a!, y = (KeyValuePair<object, object?>[])b!;
        var keys = x.Concat(y).Select(p => p.Key).Distinct(BoxedValues.Instance);
        return keys.Select(k => new KeyValuePair<object, object?>(k!, body(k, MapKernels.At(x, k), MapKernels.At(y, k)))).ToArray();
    }

    private static object?[] Merge(object?[] items, Func<object?, object?, int> compare)
    {
        if (items.Length < 2) return items;
        var left = Merge(items[..(items.Length / 2)], compare);
        var right = Merge(items[(items.Length / 2)..], compare);
        var (i, j) = (0, 0);
        for (var n = 0; n < items.Length; n++)
            items[n] = j == right.Length || (i < left.Length && compare(left[i], right[j]) <= 0) ? left[i++] : right[j++];
        return items;
    }
}
