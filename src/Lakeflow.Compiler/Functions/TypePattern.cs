using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>What a parameter accepts.</summary>
public abstract record TypePattern
{
    public static implicit operator TypePattern(DataType type) => new Exactly(type);
}

/// <summary>This type; others are cast to it where Spark does so by itself.</summary>
public sealed record Exactly(DataType Type) : TypePattern
{
    public override string ToString() => Type.ToString();
}

/// <summary>Any type of a class; the argument keeps its type (an integer where DECIMAL is asked for becomes the DECIMAL that holds it).</summary>
public sealed record OneOf(string Name, Func<DataType, bool> Accepts) : TypePattern
{
    /// <summary>What an argument outside the class is turned into, or null: a STRING becomes DOUBLE where a number is wanted.</summary>
    public Func<DataType, DataType?>? Otherwise { get; init; }

    public override string ToString() => Name;
}

/// <summary>A type variable: all parameters of that name share their least common type.</summary>
public sealed record TypeVariable(string Name) : TypePattern
{
    public override string ToString() => Name;
}

/// <summary>ARRAY of a pattern.</summary>
public sealed record ArrayOf(TypePattern Element) : TypePattern
{
    public override string ToString() => $"ARRAY<{Element}>";
}

/// <summary>MAP of two patterns.</summary>
public sealed record MapOf(TypePattern Key, TypePattern Value) : TypePattern
{
    public override string ToString() => $"MAP<{Key}, {Value}>";
}

/// <summary>The pattern, any number of times (at least <paramref name="AtLeast"/>); only as the last parameter.</summary>
public sealed record Repeated(TypePattern Of, int AtLeast) : TypePattern
{
    public override string ToString() => $"{Of}…";
}

/// <summary>A constant of that pattern; anything else is refused.</summary>
public sealed record ConstantOf(TypePattern Of) : TypePattern
{
    public override string ToString() => $"constant {Of}";
}

/// <summary>The pattern, and besides something about the argument itself.</summary>
public sealed record Where(TypePattern Of, Func<Argument, bool> Test) : TypePattern
{
    public override string ToString() => Of.ToString()!;
}

/// <summary>A lambda of one of the given numbers of parameters.</summary>
/// <param name="Arities">Numbers of parameters allowed.</param>
/// <param name="ParameterTypes">The lambda's parameter types from the types of all arguments before it.</param>
/// <param name="Body">What the body must be, or null for anything.</param>
public sealed record LambdaOf(ImmutableArray<int> Arities, Func<ImmutableArray<DataType>, ImmutableArray<DataType>> ParameterTypes, DataType? Body) : TypePattern
{
    public override string ToString() => "lambda";
}

/// <summary>The words that declarations are written with.</summary>
public static class Patterns
{
    public static readonly TypePattern Bool = DataType.Boolean;
    public static readonly TypePattern TinyInt = DataType.Int8;
    public static readonly TypePattern SmallInt = DataType.Int16;
    public static readonly TypePattern Int = DataType.Int32;
    public static readonly TypePattern BigInt = DataType.Int64;
    public static readonly TypePattern Float32 = DataType.Float;
    public static readonly TypePattern Float64 = DataType.Double;
    public static readonly TypePattern Text = DataType.String;
    public static readonly TypePattern Bytes = DataType.Binary;
    public static readonly TypePattern Date = DataType.Date;
    public static readonly TypePattern Timestamp = DataType.Timestamp;
    public static readonly TypePattern TimestampNtz = DataType.TimestampNtz;
    public static readonly TypePattern Months = DataType.YearMonthInterval;
    public static readonly TypePattern Duration = DataType.DayTimeInterval;

    /// <summary>A DECIMAL; an integer or a bare NULL becomes the DECIMAL that holds it.</summary>
    public static readonly TypePattern AnyDecimal = new OneOf("DECIMAL", t => t is DecimalType)
    {
        Otherwise = t => t.IsInteger ? DecimalRules.Of(t) : null,
    };

    public static readonly TypePattern AnyInteger = new OneOf("an integer", t => t.IsInteger)
    {
        Otherwise = t => t is StringType or NullType ? DataType.Int64 : null,
    };

    public static readonly TypePattern AnyNumeric = new OneOf("a number", t => t.IsNumeric)
    {
        Otherwise = t => t is StringType or NullType ? DataType.Double : null,
    };

    public static readonly TypePattern Any = new OneOf("any type", _ => true);
    public static readonly TypePattern AnyArray = new OneOf("ARRAY", t => t is ListType);
    public static readonly TypePattern AnyMap = new OneOf("MAP", t => t is MapType);
    public static readonly TypePattern AnyStruct = new OneOf("STRUCT", t => t is StructType);
    public static readonly TypePattern AnyNested = new OneOf("ARRAY, MAP or STRUCT", t => t.IsNested);

    /// <summary>Anything with an order: all but MAP (also inside).</summary>
    public static readonly TypePattern Orderable = new OneOf("a type with an order", TypeCoercion.IsOrderable);
    public static readonly TypePattern T = new TypeVariable("T");
    public static readonly TypePattern K = new TypeVariable("K");
    public static readonly TypePattern V = new TypeVariable("V");
    public static readonly TypePattern ArrayOfT = new ArrayOf(T);
    public static readonly TypePattern MapOfKV = new MapOf(K, V);

    public static TypePattern Repeat(TypePattern of, int atLeast = 1) => new Repeated(of, atLeast);

    public static TypePattern Constant(TypePattern of) => new ConstantOf(of);

    /// <summary>A lambda whose parameters have the types that <paramref name="parameters"/> gives, in that order; fewer may be written.</summary>
    public static TypePattern Lambda(int from, int to, Func<ImmutableArray<DataType>, ImmutableArray<DataType>> parameters, DataType? body = null) =>
        new LambdaOf([.. Enumerable.Range(from, to - from + 1)], parameters, body);

    /// <summary>Begins an overload: the parameters, then <c>.Returns(…)</c>, then <c>.PerRow(…)</c>.</summary>
    public static Overload Fn(params TypePattern[] parameters) => new() { Parameters = [.. parameters] };
}
