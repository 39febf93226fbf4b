namespace Lakeflow.Arrow;

/// <summary>Values as int32 codes into a column of distinct values. <see cref="ArrowArray.Type"/> is the type of the values.</summary>
/// <remarks>NULL is in the codes' bitmap; the dictionary holds no NULL. A dictionary may hold values that no code names.</remarks>
public sealed class DictionaryArray : ArrowArray
{
    private readonly PrimitiveArray<int> codes;

    /// <param name="codes">One code a row, with the validity of the column; the array takes the reference.</param>
    /// <param name="dictionary">The values; the array takes the reference.</param>
    public DictionaryArray(PrimitiveArray<int> codes, ArrowArray dictionary)
        : base(dictionary.Type, codes.Length, codes.ValidityBuffer?.Retain(), codes.NullCount)
    {
        this.codes = codes;
        Dictionary = dictionary;
    }

    /// <summary>One code a row, arbitrary (but within the dictionary, or 0) where the row is NULL.</summary>
    public ReadOnlySpan<int> Codes => codes.Values;

    public ArrowArray Dictionary { get; }

    internal PrimitiveArray<int> CodeArray => codes;

    public override ArrowArray Slice(int start, int length) =>
        new DictionaryArray((PrimitiveArray<int>)codes.Slice(start, length), Dictionary.Retain());

    /// <summary>The same values without a dictionary; the caller owns the result.</summary>
    public ArrowArray Decode()
    {
        var builder = ArrayBuilder.Create(Type, Length);
        var at = Codes;
        for (var i = 0; i < Length; i++)
        {
            if (IsValid(i)) builder.AppendFrom(Dictionary, at[i]);
            else builder.AppendNull();
        }

        return builder.Build();
    }

    protected override object ValueAt(int index) => Dictionary.GetValue(Codes[index])!;

    protected override void ReleaseBuffers()
    {
        codes.Release();
        Dictionary.Release();
    }
}
