using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Lakeflow.Arrow.Tests;

/// <summary>What holds for every column, whatever its type.</summary>
public class ArrayLawTests
{
    [Fact]
    public void A_slice_holds_the_rows_it_names_and_a_slice_of_it_too() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomBatches(seed);
            var column = random.Column(new Field("c", random.Type(2)), random.Next(100));
            var start = random.Next(column.Length + 1);
            var slice = column.Slice(start, random.Next(column.Length - start + 1));
            var inner = random.Next(slice.Length + 1);
            var second = slice.Slice(inner, random.Next(slice.Length - inner + 1));
            for (var i = 0; i < slice.Length; i++) Assert.Equal(column.GetValue(start + i), slice.GetValue(i));
            for (var i = 0; i < second.Length; i++) Assert.Equal(column.GetValue(start + inner + i), second.GetValue(i));
            Assert.Equal(Enumerable.Range(0, slice.Length).Count(slice.IsNull), slice.NullCount);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_schema_without_nested_columns_is_read_back_from_its_text() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomBatches(seed);
            var schema = random.Schema(1 + random.Next(40), depth: 0);
            Assert.True(schema.IsPlain);
            Assert.Equal(schema, Schema.Of(schema.ToString()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_schema_whose_text_does_not_tell_all_is_not_plain()
    {
        Assert.False(Schema.Empty.IsPlain);
        Assert.False(new Schema(new Field("a b", DataType.Int32)).IsPlain);
        Assert.False(new Schema(new Field("a", new ListType(DataType.Int32))).IsPlain);
        Assert.False(new Schema(new Field("a", DataType.Int32) { Metadata = ImmutableDictionary<string, string>.Empty.Add(Field.CommentKey, "c") }).IsPlain);
        Assert.Throws<FormatException>(() => Schema.Of("a INTEGER"));
        Assert.Throws<FormatException>(() => Schema.Of("a"));
    }

    [Fact]
    public void A_builder_gives_back_what_was_appended_and_starts_anew() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomBatches(seed);
            var field = new Field("c", random.Type(2));
            var builder = ArrayBuilder.Create(field.Type);
            for (var round = 0; round < 2; round++)
            {
                var source = random.Column(field, random.Next(60));
                for (var i = 0; i < source.Length; i++)
                {
                    if (random.Next(2) == 0) builder.AppendFrom(source, i);
                    else builder.AppendValue(source.GetValue(i));
                }

                var built = builder.Build();
                Assert.Equal(source.Length, built.Length);
                Assert.Equal(source.NullCount, built.NullCount);
                for (var i = 0; i < built.Length; i++) Assert.Equal(source.GetValue(i), built.GetValue(i));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Codes_stand_for_the_texts_they_were_made_from() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomBatches(seed);
            var texts = (StringArray)random.Column(new Field("c", DataType.String), random.Next(100));
            var coded = RandomBatches.Encode(texts);
            var start = random.Next(texts.Length + 1);
            var slice = (DictionaryArray)coded.Slice(start, texts.Length - start);
            var decoded = slice.Decode();
            for (var i = 0; i < slice.Length; i++)
            {
                Assert.Equal(texts.GetValue(start + i), slice.GetValue(i));
                Assert.Equal(texts.GetValue(start + i), decoded.GetValue(i));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Packing_flags_and_unpacking_bits_are_inverse() =>
        Prop.ForAll(ArbMap.Default.ArbFor<bool[]>(), values =>
        {
            var flags = values.Select(v => v ? (byte)1 : (byte)0).ToArray();
            var bits = new byte[Bitmap.ByteCount(flags.Length)];
            Bitmap.Pack(flags, bits);
            var back = new byte[flags.Length];
            Bitmap.Unpack(bits, back);
            Assert.Equal(flags, back);
            Assert.Equal(values.Count(v => v), Bitmap.CountOnes(bits, flags.Length));
            for (var start = 0; start <= Math.Min(9, flags.Length); start++)
            {
                var moved = new byte[Bitmap.ByteCount(flags.Length - start)];
                Bitmap.Copy(bits, start, moved, flags.Length - start);
                for (var i = start; i < flags.Length; i++) Assert.Equal(values[i], Bitmap.Get(moved, i - start));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Released_memory_is_handed_out_again_only_after_its_last_owner()
    {
        var buffer = ArrowBuffer.Rent(1000);
        buffer.Bytes.Fill(7);
        var column = new PrimitiveArray<int>(DataType.Int32, 250, buffer);
        var slice = column.Slice(10, 5);
        column.Release();
        var others = Enumerable.Range(0, 50).Select(_ => ArrowBuffer.RentCleared(1000)).ToList();
        Assert.Equal(0x07070707, slice.GetValue(0));
        foreach (var other in others) other.Release();
        slice.Release();
    }
}
