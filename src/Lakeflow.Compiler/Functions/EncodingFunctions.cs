using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Digests, hashes, encodings.</summary>
internal static class EncodingFunctions
{
    public static readonly SqlFunction Md5 = new("md5")
    {
        Overloads = [Fn(BytesOfText).Returns(DataType.String).PerRow(EncodingKernels.Md5)],
        Summary = "MD5, as 32 hexadecimal digits.",
        Examples = [("md5('Spark')", "'8cde774d6f7333752ed72cacddb05126'")],
    };

    public static readonly SqlFunction Sha1 = new("sha1")
    {
        Aliases = ["sha"],
        Overloads = [Fn(BytesOfText).Returns(DataType.String).PerRow(EncodingKernels.Sha1)],
        Summary = "SHA-1, as 40 hexadecimal digits.",
        Examples = [("sha1('Spark')", "'85f5955f4b27a9a4c2aab6ffe5d7189fc298b92c'")],
    };

    public static readonly SqlFunction Sha2 = new("sha2")
    {
        Overloads = [Fn(BytesOfText, Int).Returns(DataType.String).PerRow(EncodingKernels.TrySha2)],
        Summary = "SHA-2 of 256 (also 0), 384 or 512 bits, in hexadecimal; NULL for other sizes.",
        Examples = [("sha2('Spark', 256)", "'529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b'")],
    };

    public static readonly SqlFunction Crc32 = new("crc32")
    {
        Overloads = [Fn(BytesOfText).Returns(DataType.Int64).PerRow(EncodingKernels.Crc32)],
        Summary = "CRC-32.",
        Examples = [("crc32('Spark')", "1557323817L")],
    };

    public static readonly SqlFunction Hash = new("hash")
    {
        Overloads = [Fn(Repeat(Any)).Returns(DataType.Int32).PerRow(SparkHash.Murmur3).NeverNull()],
        Nulls = NullRule.Custom,
        Summary = "Murmur3 of the values, 32 bits.",
        Examples = [("hash('Spark', array(123), 2)", "-1321691492")],
    };

    public static readonly SqlFunction Xxhash64 = new("xxhash64")
    {
        Overloads = [Fn(Repeat(Any)).Returns(DataType.Int64).PerRow(SparkHash.XxHash64).NeverNull()],
        Nulls = NullRule.Custom,
        Summary = "XXH64 of the values.",
        Examples = [("xxhash64('Spark', array(123), 2)", "5602566077635097486L")],
    };

    public static readonly SqlFunction Base64 = new("base64")
    {
        Overloads = [Fn(BytesOfText).Returns(DataType.String).PerRow(EncodingKernels.ToBase64)],
        Summary = "In base 64.",
        Examples = [("base64('Spark SQL')", "'U3BhcmsgU1FM'")],
    };

    public static readonly SqlFunction Unbase64 = new("unbase64")
    {
        Overloads = [Fn(Text).Returns(DataType.Binary).PerRow(EncodingKernels.FromBase64)],
        Summary = "From base 64.",
        Examples = [("string(unbase64('U3BhcmsgU1FM'))", "'Spark SQL'")],
    };

    public static readonly SqlFunction Hex = new("hex")
    {
        Overloads =
        [
            Fn(OnlyText).Returns(DataType.String).PerRow(EncodingKernels.HexOfBytes),
            Fn(BigInt).Returns(DataType.String).PerRow(EncodingKernels.HexOfInt64),
            Fn(Bytes).Returns(DataType.String).PerRow(EncodingKernels.HexOfBytes),
        ],
        Summary = "In hexadecimal.",
        Examples = [("hex(17)", "'11'"), ("hex('Spark SQL')", "'537061726B2053514C'")],
    };

    public static readonly SqlFunction Unhex = new("unhex")
    {
        Overloads = [Fn(Text).Returns(DataType.Binary).PerRow(EncodingKernels.TryUnhex)],
        Summary = "From hexadecimal; NULL if it is none.",
        Examples = [("string(unhex('537061726B2053514C'))", "'Spark SQL'")],
    };

    public static readonly SqlFunction Bin = new("bin")
    {
        Overloads = [Fn(BigInt).Returns(DataType.String).PerRow(EncodingKernels.BinOfInt64)],
        Summary = "In binary digits.",
        Examples = [("bin(13)", "'1101'")],
    };

    public static readonly SqlFunction Encode = new("encode")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Binary).PerRow(EncodingKernels.Encode)],
        Summary = "The bytes of a text in a character set.",
        Examples = [("hex(encode('abc', 'utf-8'))", "'616263'")],
    };

    public static readonly SqlFunction Conv = new("conv")
    {
        Overloads = [Fn(Text, Int, Int).Returns(DataType.String).PerRow(EncodingKernels.TryConv)],
        Summary = "Digits of one base as digits of another.",
        Examples = [("conv('100', 2, 10)", "'4'")],
    };

    public static readonly SqlFunction BitCount = new("bit_count")
    {
        Overloads = [Fn(BigInt).Returns(DataType.Int32).PerRow(IntegerKernels.BitCount)],
        Summary = "Number of one bits.",
        Examples = [("bit_count(7)", "3")],
    };

    public static readonly SqlFunction BitGet = new("bit_get")
    {
        Aliases = ["getbit"],
        Overloads = [Fn(BigInt, Int).Returns(DataType.Int8).PerRow(IntegerKernels.BitGet)],
        Summary = "A bit, the lowest is 0.",
        Examples = [("bit_get(11, 0)", "1")],
    };

    public static readonly SqlFunction BitAnd = new("&")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.BitAndInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.BitAndInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.BitAndInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.BitAndInt64),
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Bitwise AND.",
        Examples = [("3 & 5", "1")],
    };

    public static readonly SqlFunction BitOr = new("|")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.BitOrInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.BitOrInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.BitOrInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.BitOrInt64),
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Bitwise OR.",
        Examples = [("3 | 5", "7")],
    };

    public static readonly SqlFunction BitXor = new("^")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.BitXorInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.BitXorInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.BitXorInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.BitXorInt64),
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Bitwise XOR.",
        Examples = [("3 ^ 5", "6")],
    };

    public static readonly SqlFunction BitNot = new("~")
    {
        Overloads =
        [
            Fn(TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.BitNotInt8),
            Fn(SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.BitNotInt16),
            Fn(Int).Returns(DataType.Int32).PerRow(IntegerKernels.BitNotInt32),
            Fn(BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.BitNotInt64),
        ],
        Summary = "Bitwise NOT.",
        Examples = [("~ 0", "-1")],
    };

    public static readonly SqlFunction Shiftleft = new("shiftleft")
    {
        Aliases = ["<<"],
        Overloads =
        [
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.ShiftLeftInt32),
            Fn(BigInt, Int).Returns(DataType.Int64).PerRow(IntegerKernels.ShiftLeftInt64),
        ],
        Summary = "Bits moved to the left.",
        Examples = [("shiftleft(2, 1)", "4")],
    };

    public static readonly SqlFunction Shiftright = new("shiftright")
    {
        Aliases = [">>"],
        Overloads =
        [
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.ShiftRightInt32),
            Fn(BigInt, Int).Returns(DataType.Int64).PerRow(IntegerKernels.ShiftRightInt64),
        ],
        Summary = "Bits moved to the right, the sign filling.",
        Examples = [("shiftright(4, 1)", "2")],
    };

    public static readonly SqlFunction Shiftrightunsigned = new("shiftrightunsigned")
    {
        Aliases = [">>>"],
        Overloads =
        [
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.ShiftRightUnsignedInt32),
            Fn(BigInt, Int).Returns(DataType.Int64).PerRow(IntegerKernels.ShiftRightUnsignedInt64),
        ],
        Summary = "Bits moved to the right, zeros filling.",
        Examples = [("shiftrightunsigned(-1, 31)", "1")],
    };

    private static TypePattern BytesOfText => new OneOf("STRING or BINARY", t => t is StringType or BinaryType or NullType)
    {
        Otherwise = t => t.IsNested ? null : DataType.String,
    };

    private static TypePattern OnlyText => new Where(Text, a => a.Type is StringType);
}
