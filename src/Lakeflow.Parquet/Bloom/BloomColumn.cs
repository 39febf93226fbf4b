using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Bloom;

/// <summary>Gathers the values of one column of a row group for its bloom filter.</summary>
internal sealed class BloomColumn(int column, DataType type, PhysicalType stored)
{
    private readonly HashSet<ulong> hashes = [];

    /// <summary>Place of the column among the file's.</summary>
    public int Column => column;

    public void Add(ArrowArray values)
    {
        switch (values)
        {
            case DictionaryArray encoded:
                // Entries of a dictionary that no row uses make the filter larger, not wrong.
                Add(encoded.Dictionary);
                break;
            case PrimitiveArray<long> longs when stored == PhysicalType.Int64:
                for (var i = 0; i < longs.Length; i++)
                {
                    if (longs.IsValid(i)) hashes.Add(XxHash64.Of(longs.Values[i]));
                }

                break;
            case PrimitiveArray<int> ints when stored == PhysicalType.Int32:
                for (var i = 0; i < ints.Length; i++)
                {
                    if (ints.IsValid(i)) hashes.Add(XxHash64.Of(ints.Values[i]));
                }

                break;
            case StringArray texts:
                for (var i = 0; i < texts.Length; i++)
                {
                    if (texts.IsValid(i)) hashes.Add(XxHash64.Of(texts[i]));
                }

                break;
            default:
                for (var i = 0; i < values.Length; i++)
                {
                    if (values.GetValue(i) is { } value) hashes.Add(BloomFilter.HashOf(value, type, stored)!.Value);
                }

                break;
        }
    }

    /// <summary>The filter of the row group, if it is worth its bytes; the next group begins.</summary>
    public BloomFilter? Finish()
    {
        var filter = BloomFilter.Of(stored, hashes);
        hashes.Clear();
        return filter;
    }
}
