using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Writing;

/// <summary>The writer for a leaf's type.</summary>
internal static class LeafWriters
{
    public static LeafWriter Create(LeafColumn leaf, ParquetWriteOptions options, PageCompressor compressor) => leaf.Type switch
    {
        NullType => new VoidLeafWriter(leaf, options, compressor),
        BooleanType => new BooleanLeafWriter(leaf, options, compressor),
        Int8Type => new FixedLeafWriter<sbyte, sbyte>(leaf, options, compressor),
        Int16Type => new FixedLeafWriter<short, short>(leaf, options, compressor),
        Int32Type or DateType => new FixedLeafWriter<int, int>(leaf, options, compressor),
        FloatType => new FixedLeafWriter<float, int>(leaf, options, compressor),
        DoubleType => new FixedLeafWriter<double, long>(leaf, options, compressor),
        DecimalType { Is64: false } => new FixedLeafWriter<Int128, Int128>(leaf, options, compressor),
        StringType or BinaryType => new TextLeafWriter(leaf, options, compressor),
        _ => new FixedLeafWriter<long, long>(leaf, options, compressor),
    };
}
