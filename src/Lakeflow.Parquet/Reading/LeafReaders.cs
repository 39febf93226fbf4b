using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>The reader for a leaf's type.</summary>
internal static class LeafReaders
{
    public static LeafReader Create(string file, IRandomRead input, LeafColumn leaf, FooterChunk chunk, bool keepDictionary, PageIndex? index)
    {
        var pages = new PageSource(file, input, leaf, chunk, index);
        var values = chunk.ValueCount;
        return leaf.Type switch
        {
            NullType => new VoidLeafReader(file, leaf, pages, values),
            BooleanType => new BooleanLeafReader(file, leaf, pages, values),
            Int8Type => new FixedLeafReader<sbyte>(file, leaf, pages, values),
            Int16Type => new FixedLeafReader<short>(file, leaf, pages, values),
            Int32Type or DateType => new FixedLeafReader<int>(file, leaf, pages, values),
            Int64Type or TimestampType or DecimalType { Is64: true } => new FixedLeafReader<long>(file, leaf, pages, values),
            DecimalType => new FixedLeafReader<Int128>(file, leaf, pages, values),
            FloatType => new FixedLeafReader<float>(file, leaf, pages, values),
            DoubleType => new FixedLeafReader<double>(file, leaf, pages, values),
            StringType or BinaryType => new TextLeafReader(file, leaf, pages, values, keepDictionary),
            _ => throw new UnreachableException(leaf.Type.ToString()),
        };
    }
}
