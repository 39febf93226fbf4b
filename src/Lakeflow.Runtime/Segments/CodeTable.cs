using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>A value computed once for each distinct text of a dictionary column, then read by code. One instance per worker and expression.</summary>
public sealed class CodeTable<T>
    where T : unmanaged
{
    private ArrowArray? dictionary;

    /// <summary>By code; never empty, since the code of a NULL row may be 0 beside an empty dictionary.</summary>
    public T[] Values { get; private set; } = new T[1];

    /// <summary>How many values to fill in: not 0 only if the column is a dictionary that was not seen before.</summary>
    public int Begin(ArrowArray column)
    {
        if (column is not DictionaryArray { Dictionary: StringArray texts } || ReferenceEquals(texts, dictionary)) return 0;
        dictionary = texts;
        if (Values.Length < texts.Length) Values = new T[texts.Length];
        return texts.Length;
    }
}

/// <summary>As <see cref="CodeTable{T}"/>, for texts.</summary>
public sealed class CodeTexts
{
    private ArrowArray? dictionary;
    private byte[] bytes = [];
    private int[] offsets = new int[2];
    private int count;

    /// <summary>How many texts to <see cref="Add"/>, in order of their codes: not 0 only if the column is a dictionary that was not seen before.</summary>
    public int Begin(ArrowArray column)
    {
        if (column is not DictionaryArray { Dictionary: StringArray texts } || ReferenceEquals(texts, dictionary)) return 0;
        dictionary = texts;
        count = 0;
        if (offsets.Length < texts.Length + 2) offsets = new int[texts.Length + 2];
        else Array.Clear(offsets);
        return texts.Length;
    }

    public void Add(Utf8 text)
    {
        var from = offsets[count];
        if (bytes.Length - from < text.Length) Array.Resize(ref bytes, checked(Math.Max(bytes.Length * 2, from + text.Length)));
        text.Bytes.CopyTo(bytes.AsSpan(from));
        offsets[++count] = from + text.Length;
    }

    /// <summary>The text of a code.</summary>
    public Utf8 this[int code] => code < count ? new(bytes.AsSpan(offsets[code], offsets[code + 1] - offsets[code])) : Utf8.Empty;
}
