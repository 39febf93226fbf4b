using System.Collections.Immutable;
using System.Text;

namespace Lakeflow.Arrow.Tests;

/// <summary>Random types, columns and batches from a seed: equal seeds give equal batches.</summary>
/// <remarks>Values come from few and from many, with the edges of each type among them, so that dictionaries pay here and not there.</remarks>
internal sealed class RandomBatches(int seed)
{
    private static readonly DataType[] Leaves =
    [
        DataType.Boolean, DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Float, DataType.Double,
        DataType.String, DataType.Binary, DataType.Date, DataType.Timestamp, DataType.TimestampNtz, DataType.Null,
        new DecimalType(4, 2), new DecimalType(9, 0), new DecimalType(18, 6), new DecimalType(19, 3), new DecimalType(38, 10),
    ];

    private readonly Random random = new(seed);

    public int Next(int below) => random.Next(below);

    /// <summary>One of each type without children.</summary>
    public static IReadOnlyList<DataType> LeafTypes => Leaves;

    public Schema Schema(int columns, int depth) =>
        new(Enumerable.Range(0, columns).Select(i => Field($"c{i}", depth)).ToImmutableArray());

    /// <summary>A field that may be NOT NULL, unless NULL is all that its type has.</summary>
    public Field Field(string name, int depth)
    {
        var type = Type(depth);
        return new Field(name, type, type is NullType || random.Next(3) > 0);
    }

    public DataType Type(int depth)
    {
        if (depth == 0 || random.Next(3) == 0) return Leaves[random.Next(Leaves.Length)];
        return random.Next(3) switch
        {
            0 => new ListType(Field("element", depth - 1)),
            1 => new MapType(new Field("key", Key(), Nullable: false), Field("value", depth - 1)),
            _ => new StructType([.. Enumerable.Range(0, 1 + random.Next(3)).Select(i => Field($"f{i}", depth - 1))]),
        };
    }

    public RecordBatch Batch(Schema schema, int rows) =>
        new(schema, [.. schema.Fields.Select(f => Column(f, rows))], rows);

    public ArrowArray Column(Field field, int rows)
    {
        // Columns differ in how many NULLs and how many different values they have.
        var nulls = random.Next(3) switch { 0 => 0, 1 => 10, _ => 70 };
        var spread = random.Next(2) == 0 ? 5 : int.MaxValue;
        var builder = ArrayBuilder.Create(field.Type);
        for (var i = 0; i < rows; i++) builder.AppendValue(Value(field, nulls, spread));
        return builder.Build();
    }

    /// <summary>The same text column as codes.</summary>
    public static DictionaryArray Encode(StringArray texts)
    {
        var distinct = new Dictionary<string, int>();
        var values = new StringArrayBuilder(texts.Type);
        var codes = new PrimitiveBuilder<int>(DataType.Int32);
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts.IsNull(i))
            {
                codes.AppendNull();
                continue;
            }

            var key = Convert.ToHexString(texts[i]);
            if (!distinct.TryGetValue(key, out var code))
            {
                distinct[key] = code = distinct.Count;
                values.Append(texts[i]);
            }

            codes.Append(code);
        }

        return new DictionaryArray((PrimitiveArray<int>)codes.Build(), values.Build());
    }

    private DataType Key()
    {
        DataType[] keys = [DataType.String, DataType.Int32, DataType.Int64, DataType.Date, new DecimalType(20, 2)];
        return keys[random.Next(keys.Length)];
    }

    private object? Value(Field field, int nulls, int spread)
    {
        if (field.Type is NullType || (field.Nullable && random.Next(100) < nulls)) return null;
        return field.Type switch
        {
            BooleanType => random.Next(2) == 0,
            Int8Type => (sbyte)Integer(spread, sbyte.MinValue, sbyte.MaxValue),
            Int16Type => (short)Integer(spread, short.MinValue, short.MaxValue),
            Int32Type or DateType => (int)Integer(spread, int.MinValue, int.MaxValue),
            Int64Type or TimestampType => Integer(spread, long.MinValue, long.MaxValue),
            FloatType => Number(spread) is var d && double.IsNaN(d) ? float.NaN : (float)d,
            DoubleType => Number(spread),
            DecimalType d => Decimal(d.Precision, spread),
            StringType => Text(spread),
            BinaryType => Encoding.UTF8.GetBytes(Text(spread)).Append((byte)0xFF).ToArray(),
            ListType list => Enumerable.Range(0, Count()).Select(_ => Value(list.Element, nulls, spread)).ToArray(),
            MapType map => Enumerable.Range(0, Count())
                .Select(_ => new KeyValuePair<object, object?>(Value(map.Key, 0, spread)!, Value(map.Value, nulls, spread))).ToArray(),
            StructType type => type.Fields.Select(f => Value(f, nulls, spread)).ToArray(),
            _ => throw new NotSupportedException(field.Type.ToString()),
        };
    }

    private int Count() => random.Next(4) == 0 ? 0 : random.Next(5);

    private long Integer(int spread, long least, long most) => random.Next(20) switch
    {
        0 => least,
        1 => most,
        2 => 0,
        _ when spread < 100 => random.Next(spread),
        _ => random.NextInt64(least, most),
    };

    private double Number(int spread) => random.Next(20) switch
    {
        0 => double.NaN,
        1 => -0.0,
        2 => double.NegativeInfinity,
        3 => 0.0,
        _ when spread < 100 => random.Next(spread) / 2.0,
        _ => (random.NextDouble() - 0.5) * 1e9,
    };

    private object Decimal(int precision, int spread)
    {
        Int128 limit = 1;
        for (var i = 0; i < precision; i++) limit *= 10;
        var value = spread < 100 ? random.Next(spread) : (((Int128)random.NextInt64() << 64) | random.NextInt64()) % limit;
        return random.Next(20) switch { 0 => limit - 1, 1 => 1 - limit, _ => random.Next(2) == 0 ? value : -value };
    }

    private string Text(int spread)
    {
        string[] pieces = ["a", "lake", "ø", "日本", "🌊", " ", "0123456789012345678901234567890123456789"];
        if (spread < 100) return pieces[random.Next(Math.Min(spread, pieces.Length))];
        return string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
