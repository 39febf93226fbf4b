using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Functions of ARRAY, on boxed values. Arrays come in as <c>object?[]</c> and are never changed.</summary>
public static class ArrayKernels
{
    /// <summary>Elements of an array, entries of a map.</summary>
    public static int Size(object? value) => ((Array)value!).Length;

    /// <summary><c>array(…)</c>.</summary>
    public static object Make(object?[] values) => values;

    /// <summary><c>a[i]</c>, from 0.</summary>
    public static object? At(object? array, long index, int site)
    {
        var items = (object?[])array!;
        if (index < 0 || index >= items.Length) Throw.ArrayIndex(site, index, items.Length, zeroBased: true);
        return items[index];
    }

    public static object? Get(object? array, long index)
    {
        var items = (object?[])array!;
        return index < 0 || index >= items.Length ? null : items[index];
    }

    /// <summary>From 1, or from the end if negative.</summary>
    public static object? ElementAt(object? array, long index, int site)
    {
        var items = (object?[])array!;
        if (index == 0) Throw.Raise(site, "Index 0 is refused: elements count from 1, or from -1 backward.", "INVALID_INDEX_OF_ZERO");
        if (Math.Abs(index) > items.Length) Throw.ArrayIndex(site, index, items.Length, zeroBased: false);
        return items[index > 0 ? index - 1 : items.Length + index];
    }

    public static object? TryElementAt(object? array, long index, int site)
    {
        var items = (object?[])array!;
        if (index == 0) Throw.Raise(site, "Index 0 is refused: elements count from 1, or from -1 backward.", "INVALID_INDEX_OF_ZERO");
        return Math.Abs(index) > items.Length ? null : items[index > 0 ? index - 1 : items.Length + index];
    }

    /// <summary>NULL if it is not there but a NULL is.</summary>
    public static bool TryContains(object? array, object? value, out bool result)
    {
        var items = (object?[])array!;
        result = items.Contains(value, BoxedValues.Instance);
        return result || !items.Contains(null);
    }

    public static long Position(object? array, object? value) =>
        Array.FindIndex((object?[])array!, x => x is not null && BoxedValues.Equal(x, value)) + 1;

    /// <summary>Ascending with NULLs first, or descending with NULLs last.</summary>
    public static object Sort(object? array, bool ascending)
    {
        var sorted = ((object?[])array!).Order(BoxedValues.Instance).ToArray();
        if (!ascending) Array.Reverse(sorted);
        return sorted;
    }

    public static object SortAscending(object? array) => Sort(array, true);

    /// <summary>Ascending with NULLs last.</summary>
    public static object SortNullsLast(object? array) =>
        ((object?[])array!).OrderBy(x => x is null).ThenBy(x => x, BoxedValues.Instance).ToArray();

    public static object Distinct(object? array) => ((object?[])array!).Distinct(BoxedValues.Instance).ToArray();

    public static object Union(object? a, object? b) => ((object?[])a!).Union((object?[])b!, BoxedValues.Instance).ToArray();

    public static object Intersect(object? a, object? b) => ((object?[])a!).Intersect((object?[])b!, BoxedValues.Instance).ToArray();

    public static object Except(object? a, object? b) => ((object?[])a!).Except((object?[])b!, BoxedValues.Instance).ToArray();

    /// <summary>TRUE if they share an element; NULL if not, and one that is not empty holds a NULL.</summary>
    public static bool TryOverlap(object? a, object? b, out bool result)
    {
        object?[] x = (object?[])a!, y = (object?[])b!;
        result = x.Where(v => v is not null).Intersect(y, BoxedValues.Instance).Any();
        return result || x.Length == 0 || y.Length == 0 || (!x.Contains(null) && !y.Contains(null));
    }

    public static object Reverse(object? array) => ((object?[])array!).AsEnumerable().Reverse().ToArray();

    public static object Concat(object?[] arrays) => arrays.SelectMany(a => (object?[])a!).ToArray();

    public static object Remove(object? array, object? value) => ((object?[])array!).Where(x => x is null || !BoxedValues.Equal(x, value)).ToArray();

    public static object Compact(object? array) => ((object?[])array!).Where(x => x is not null).ToArray();

    public static object Repeat(object? value, int times) => Enumerable.Repeat(value, Math.Max(0, times)).ToArray();

    public static object? Append(object?[] arguments) => arguments[0] is object?[] items ? (object?[])[.. items, arguments[1]] : null;

    public static object? Prepend(object?[] arguments) => arguments[0] is object?[] items ? (object?[])[arguments[1], .. items] : null;

    /// <summary>Before the element of that number (from 1; negative from the end); a gap is filled with NULL.</summary>
    /// <remarks>NULL if the array or the place is NULL; a NULL value is put in.</remarks>
    public static object? Insert(object?[] arguments, int site)
    {
        if (arguments is not [object?[] array, int position, var value]) return null;
        var items = array.ToList();
        if (position == 0) Throw.Raise(site, "Index 0 is refused: elements count from 1, or from -1 backward.", "INVALID_INDEX_OF_ZERO");
        var at = position > 0 ? position - 1 : items.Count + position + 1;
        while (at < 0)
        {
            items.Insert(0, null);
            at++;
        }

        while (items.Count < at) items.Add(null);
        items.Insert(at, value);
        return items.ToArray();
    }

    public static object? Min(object? array) => ((object?[])array!).Where(x => x is not null).Min(BoxedValues.Instance);

    public static object? Max(object? array) => ((object?[])array!).Where(x => x is not null).Max(BoxedValues.Instance);

    /// <summary>So many elements from a place on (from 1; negative from the end).</summary>
    public static object Slice(object? array, int start, int length, int site)
    {
        var items = (object?[])array!;
        if (start == 0) Throw.Raise(site, "The start 0 is refused: elements count from 1, or from -1 backward.", "INVALID_PARAMETER_VALUE.START");
        if (length < 0) Throw.Raise(site, $"The length {length} is negative.", "INVALID_PARAMETER_VALUE.LENGTH");
        var from = start > 0 ? start - 1 : items.Length + start;
        return from < 0 || from >= items.Length ? Array.Empty<object?>() : items[from..(int)Math.Min(items.Length, (long)from + length)];
    }

    /// <summary>NULL if an inner array is NULL.</summary>
    public static object? Flatten(object? arrays)
    {
        var parts = (object?[])arrays!;
        return parts.Contains(null) ? null : parts.SelectMany(p => (object?[])p!).ToArray();
    }

    /// <summary>Structs of the elements at one place; shorter arrays go on with NULL.</summary>
    public static object Zip(object?[] arrays)
    {
        var length = arrays.Max(a => ((object?[])a!).Length);
        var rows = new object?[length];
        for (var i = 0; i < length; i++) rows[i] = arrays.Select(a => i < ((object?[])a!).Length ? ((object?[])a)[i] : null).ToArray();
        return rows;
    }

    /// <summary>Texts with a delimiter between; NULLs are left out.</summary>
    public static object Join(object? array, Utf8 delimiter) => string.Join(delimiter.ToString(), ((object?[])array!).Where(x => x is not null));

    public static object JoinWithNulls(object? array, Utf8 delimiter, Utf8 nulls)
    {
        var instead = nulls.ToString();
        return string.Join(delimiter.ToString(), ((object?[])array!).Select(x => x ?? instead));
    }

    public static object SequenceInt64(long from, long to, int site) => SequenceInt64By(from, to, from <= to ? 1 : -1, site);

    public static object SequenceInt64By(long from, long to, long step, int site)
    {
        if (step == 0 ? from != to : (to - from) / step < 0 || (to > from) != (step > 0) && to != from)
            Throw.Raise(site, $"A step of {step} does not lead from {from} to {to}.", "INVALID_PARAMETER_VALUE");
        var result = new object?[step == 0 ? 1 : ((to - from) / step) + 1];
        for (var i = 0; i < result.Length; i++) result[i] = from + (i * step);
        return result;
    }

    public static object SequenceInt32(int from, int to, int site) => Narrow(SequenceInt64(from, to, site));

    public static object SequenceInt32By(int from, int to, int step, int site) => Narrow(SequenceInt64By(from, to, step, site));

    /// <summary>Dates, a day apart.</summary>
    public static object SequenceDays(int from, int to, int site) => Narrow(SequenceInt64(from, to, site));

    /// <summary>Dates, an interval of whole days apart.</summary>
    public static object SequenceDaysBy(int from, int to, long micros, int site) => Narrow(SequenceInt64By(from, to, micros / Calendar.MicrosPerDay, site));

    /// <summary>Dates, months apart; each from the start, so that the 31st comes back.</summary>
    public static object SequenceDateMonths(int from, int to, int months, int site)
    {
        if (months == 0 || months > 0 != to >= from) Throw.Raise(site, $"A step of {months} months does not lead from the first to the last.", "INVALID_PARAMETER_VALUE");
        var result = new List<object?>();
        for (var i = 0; ; i++)
        {
            var date = DateKernels.AddMonths(from, i * months, site);
            if (months > 0 ? date > to : date < to) break;
            result.Add(date);
        }

        return result.ToArray();
    }

    public static object SequenceTimestamps(long from, long to, long micros, SessionZone zone, int site)
    {
        if (micros == 0 || micros > 0 != to >= from) Throw.Raise(site, "The step does not lead from the first to the last.", "INVALID_PARAMETER_VALUE");
        var result = new List<object?>();
        for (long i = 0; ; i++)
        {
            var ts = TimestampKernels.AddDuration(from, i * micros, zone, site);
            if (micros > 0 ? ts > to : ts < to) break;
            result.Add(ts);
        }

        return result.ToArray();
    }

    public static object SequenceTimestampMonths(long from, long to, int months, SessionZone zone, int site)
    {
        if (months == 0 || months > 0 != to >= from) Throw.Raise(site, "The step does not lead from the first to the last.", "INVALID_PARAMETER_VALUE");
        var result = new List<object?>();
        for (var i = 0; ; i++)
        {
            var ts = TimestampKernels.AddMonths(from, i * months, zone, site);
            if (months > 0 ? ts > to : ts < to) break;
            result.Add(ts);
        }

        return result.ToArray();
    }

    private static object Narrow(object wide) => Array.ConvertAll((object?[])wide, x => (object?)(int)(long)x!);
}
