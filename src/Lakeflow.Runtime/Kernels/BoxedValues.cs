using System.Diagnostics;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Order, equality and hash of values in the form of <c>ArrowArray.GetValue</c>: the slow, general path for nested types.</summary>
/// <remarks>NULL equals NULL and is below everything; NaN equals NaN and is above every number; -0.0 equals 0.0.</remarks>
public sealed class BoxedValues : IEqualityComparer<object?>, IComparer<object?>
{
    public static readonly BoxedValues Instance = new();

    private BoxedValues()
    {
    }

    public static int Compare(object? a, object? b) => (a, b) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string x, string y) => CompareText(x, y),
        (double x, double y) => CompareDouble(x, y),
        (float x, float y) => CompareDouble(x, y),
        (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
        (object?[] x, object?[] y) => CompareLists(x, y),
        (KeyValuePair<object, object?>[] x, KeyValuePair<object, object?>[] y) => CompareMaps(x, y),
        (IComparable x, _) => x.CompareTo(b),
        _ => throw new UnreachableException(a.GetType().Name),
    };

    public static bool Equal(object? a, object? b) => Compare(a, b) == 0;

    /// <summary>Code point order, which UTF-16 order is not above U+FFFF.</summary>
    public static int CompareText(string a, string b)
    {
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length) return a.Length.CompareTo(b.Length);
        char x = a[common], y = b[common];
        // Surrogates stand for code points above every other UTF-16 unit.
        if (char.IsSurrogate(x) != char.IsSurrogate(y)) return char.IsSurrogate(x) ? 1 : -1;
        return x.CompareTo(y);
    }

    public static int CompareDouble(double a, double b) =>
        a == b ? 0 : double.IsNaN(a) ? (double.IsNaN(b) ? 0 : 1) : double.IsNaN(b) ? -1 : a < b ? -1 : 1;

    public static int HashOf(object? value)
    {
        switch (value)
        {
            case null: return 0;
            case double d: return (d == 0 ? 0.0 : d).GetHashCode();
            case float f: return (f == 0 ? 0f : f).GetHashCode();
            case byte[] bytes: return (int)HashKernels.XxHash64(bytes, 0);
            case string text: return string.GetHashCode(text, StringComparison.Ordinal);
            case object?[] items:
                var hash = items.Length;
                foreach (var item in items) hash = (hash * 31) + HashOf(item);
                return hash;
            case KeyValuePair<object, object?>[] pairs:
                var sum = pairs.Length;
                foreach (var pair in pairs) sum += HashOf(pair.Key) ^ (HashOf(pair.Value) * 17);
                return sum;
            default: return value.GetHashCode();
        }
    }

    bool IEqualityComparer<object?>.Equals(object? x, object? y) => Compare(x, y) == 0;

    int IEqualityComparer<object?>.GetHashCode(object? obj) => HashOf(obj);

    int IComparer<object?>.Compare(object? x, object? y) => Compare(x, y);

    private static int CompareLists(object?[] a, object?[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = Compare(a[i], b[i]);
            if (order != 0) return order;
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareMaps(KeyValuePair<object, object?>[] a, KeyValuePair<object, object?>[] b)
    {
        // Maps have no order in SQL; this one only serves equality inside collections, so entries are put in order first.
        var x = a.OrderBy(p => p.Key, Instance).ToArray();
        var y = b.OrderBy(p => p.Key, Instance).ToArray();
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            var order = Compare(x[i].Key, y[i].Key);
            if (order == 0) order = Compare(x[i].Value, y[i].Value);
            if (order != 0) return order;
        }

        return x.Length.CompareTo(y.Length);
    }
}
