using System.Runtime.CompilerServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>The texts of a STRING or BINARY column as spans in locals; over a dictionary it looks the code up.</summary>
public readonly ref struct TextColumn
{
    private readonly ReadOnlySpan<int> offsets;
    private readonly ReadOnlySpan<byte> data;

    private TextColumn(StringArray? texts, ReadOnlySpan<int> codes, bool isDictionary)
    {
        offsets = texts is null ? default : texts.Offsets;
        data = texts is null ? default : texts.Data;
        Codes = codes;
        IsDictionary = isDictionary;
        DictionaryLength = isDictionary && texts is not null ? texts.Length : 0;
    }

    /// <summary>True if <see cref="Codes"/> holds a code a row.</summary>
    public bool IsDictionary { get; }

    /// <summary>One code a row; empty if this is no dictionary. Arbitrary but in range (or 0) where the row is NULL.</summary>
    public ReadOnlySpan<int> Codes { get; }

    public int DictionaryLength { get; }

    /// <summary>All bytes that the rows (or dictionary values) point into, for a search over the whole batch.</summary>
    public ReadOnlySpan<byte> Data => data;

    /// <summary>Row i is Data[Offsets[i]..Offsets[i+1]]; by code where this is a dictionary.</summary>
    public ReadOnlySpan<int> Offsets => offsets;

    public Utf8 this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Value(IsDictionary ? Codes[row] : row);
    }

    public static TextColumn Of(ArrowArray column) => column switch
    {
        StringArray plain => new TextColumn(plain, default, isDictionary: false),
        DictionaryArray { Dictionary: StringArray texts } encoded => new TextColumn(texts, encoded.Codes, isDictionary: true),
        NullArray empty => new TextColumn(null, new int[empty.Length], isDictionary: true),
        _ => throw new InvalidOperationException($"{column.GetType().Name} holds no text"),
    };

    /// <summary>The text of a code, or of a row where this is no dictionary. A code beyond the dictionary (a NULL row's) is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Utf8 Value(int code)
    {
        var at = offsets;
        if ((uint)(code + 1) >= (uint)at.Length) return default;
        var start = at[code];
        return new Utf8(data.Slice(start, at[code + 1] - start));
    }
}
