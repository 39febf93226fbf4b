using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class SchemaJsonTests
{
    [Fact]
    public void A_schema_written_and_read_is_the_same() => Prop
        .ForAll(Arb.From(Schemas), schema =>
        {
            var text = SchemaJson.Write(schema);
            var back = SchemaJson.Read(text);
            return back.Equals(schema) && SchemaJson.Write(back) == text
                && back.Fields.Zip(schema.Fields).All(p => p.First.Metadata.OrderBy(m => m.Key).SequenceEqual(p.Second.Metadata.OrderBy(m => m.Key)));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Spark_s_text_is_read_and_written_back()
    {
        const string Text = """
            {"type":"struct","fields":[{"name":"a","type":"integer","nullable":false,"metadata":{"comment":"the key","delta.columnMapping.id":1}},{"name":"m","type":{"type":"map","keyType":"string","valueType":{"type":"array","elementType":"decimal(20,4)","containsNull":false},"valueContainsNull":true},"nullable":true,"metadata":{}},{"name":"t","type":"timestamp_ntz","nullable":true,"metadata":{}},{"name":"i","type":"interval day to second","nullable":true,"metadata":{}},{"name":"c","type":"string","nullable":true,"metadata":{"__CHAR_VARCHAR_TYPE_STRING":"varchar(10)"}}]}
            """;
        var schema = SchemaJson.Read(Text);
        Assert.Equal("a INT NOT NULL, m MAP<STRING, ARRAY<DECIMAL(20,4)>>, t TIMESTAMP_NTZ, i INTERVAL DAY TO SECOND, c STRING", schema.ToString());
        Assert.Equal("the key", schema[0].Comment);
        Assert.Equal(Text.Trim(), SchemaJson.Write(schema));
    }

    [Fact]
    public void A_length_in_the_type_goes_to_the_metadata()
    {
        var schema = SchemaJson.Read("""{"type":"struct","fields":[{"name":"c","type":"varchar(7)","nullable":true,"metadata":{}}]}""");
        Assert.Equal(DataType.String, schema[0].Type);
        Assert.Equal("varchar(7)", schema[0].Metadata[Field.CharVarcharKey]);
    }

    [Theory]
    [InlineData("""{"type":"struct","fields":[{"name":"v","type":"variant","nullable":true,"metadata":{}}]}""", "v")]
    [InlineData("""{"type":"struct","fields":[{"name":"d","type":"decimal(39,0)","nullable":true,"metadata":{}}]}""", "d")]
    [InlineData("""{"type":"struct"}""", "")]
    [InlineData("nonsense", "")]
    public void What_cannot_be_read_is_refused_with_the_column(string text, string column)
    {
        var fault = Assert.Throws<DataFault>(() => SchemaJson.Read(text));
        Assert.Equal("LF6057", fault.Code);
        Assert.Contains(column, fault.Message);
    }

    private static Gen<Schema> Schemas =>
        from fields in Fields(3)
        select new Schema(fields);

    private static Gen<ImmutableArray<Field>> Fields(int depth) =>
        from count in Gen.Choose(1, 4)
        from fields in Gen.ListOf(OneField(depth), count)
        select fields.Select((f, i) => f with { Name = $"{f.Name}{i}" }).ToImmutableArray();

    private static Gen<Field> OneField(int depth) =>
        from name in Gen.Elements("a", "Größe", "with blank", "quo\"te", "d.o.t", "日本", "%41")
        from type in Types(depth)
        from nullable in Gen.Elements(true, false)
        from comment in Gen.Elements(null, "said \"so\"", "line\nbreak")
        select new Field(name, type, nullable)
        {
            Metadata = comment is null ? [] : ImmutableDictionary<string, string>.Empty.Add(Field.CommentKey, comment),
        };

    private static Gen<DataType> Types(int depth)
    {
        var leaf = Gen.Elements<DataType>(
            DataType.Boolean, DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Float, DataType.Double, DataType.String,
            DataType.Binary, DataType.Date, DataType.Timestamp, DataType.TimestampNtz, DataType.YearMonthInterval, DataType.DayTimeInterval,
            DataType.Null, new DecimalType(38, 10), new DecimalType(5, 5));
        if (depth == 0) return leaf;
        return Gen.OneOf(
            leaf,
            from element in Types(depth - 1)
            from nullable in Gen.Elements(true, false)
            select (DataType)new ListType(element, nullable),
            from key in leaf
            from value in Types(depth - 1)
            from nullable in Gen.Elements(true, false)
            select (DataType)new MapType(key, value, nullable),
            from fields in Fields(depth - 1)
            select (DataType)new StructType(fields));
    }
}
