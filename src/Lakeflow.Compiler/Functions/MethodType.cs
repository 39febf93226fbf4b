using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>A C# type that a <c>[SqlFunction]</c> method may take or give, and the type of SQL that it stands for.</summary>
/// <param name="Name">As C# writes it, namespaces in full.</param>
/// <param name="Sql">The type of SQL; of a decimal, what a result is where the method does not say.</param>
/// <param name="IsReference">True for a class: null without <c>Nullable&lt;T&gt;</c>.</param>
/// <param name="ToMethod">C# of the value in this type; takes C# of the physical value, its type in SQL, and the site to fail at.</param>
/// <param name="FromMethod">C# of the physical value; takes C# of one in this type, its type in SQL, and the site.</param>
public sealed record MethodType(
    string Name, DataType Sql, bool IsReference, Func<string, DataType, string, string> ToMethod, Func<string, DataType, string, string> FromMethod)
{
    private const string Values = "MethodValues";

    /// <summary>Every type there is, those to recommend first.</summary>
    public static readonly ImmutableArray<MethodType> All =
    [
        Same("bool", DataType.Boolean),
        Same("sbyte", DataType.Int8),
        Same("short", DataType.Int16),
        Same("int", DataType.Int32),
        Same("long", DataType.Int64),
        Same("float", DataType.Float),
        Same("double", DataType.Double),
        new("decimal", new DecimalType(38, 18), false,
            (v, t, site) => t is DecimalType { Is64: true, Scale: var s } ? $"{Values}.Decimal64({v}, {s})" : $"{Values}.Decimal({v}, {((DecimalType)t).Scale}, {site})",
            (v, t, site) => t is DecimalType d ? $"{Values}.FromDecimal{(d.Is64 ? "64" : "")}({v}, {d.Precision}, {d.Scale}, {site})" : v),
        new("string", DataType.String, true, (v, _, _) => v.StartsWith('"') ? v[..^2] : $"{v}.ToString()", (v, _, _) => $"scratch.Copy({v})"),
        new("byte[]", DataType.Binary, true, (v, _, _) => $"{v}.ToArray()", (v, _, _) => $"new Utf8({v})"),
        Converted("System.DateOnly", DataType.Date, "Date"),
        Converted("System.DateTimeOffset", DataType.Timestamp, "Timestamp"),
        Converted("System.DateTime", DataType.TimestampNtz, "TimestampNtz"),
        Converted("System.TimeSpan", DataType.DayTimeInterval, "Duration"),
        Same("Lakeflow.Runtime.Kernels.Utf8", DataType.String) with { IsRefStruct = true },
        new("System.ReadOnlySpan<byte>", DataType.Binary, false, (v, _, _) => v.StartsWith('"') ? v : $"{v}.Bytes", (v, _, _) => $"new Utf8({v})") { IsRefStruct = true },
    ];

    /// <summary>True for a window on bytes of the batch: nothing is copied, and null cannot be.</summary>
    public bool IsRefStruct { get; private init; }

    /// <summary>What an argument may be.</summary>
    public TypePattern Accepts => Sql is DecimalType ? AnyDecimal : Sql;

    /// <summary>The type as generated code writes it.</summary>
    public string CSharp => Name.Contains('.', StringComparison.Ordinal) ? "global::" + Name : Name;

    /// <summary>A DECIMAL of any size; an integer becomes the one that holds it.</summary>
    private static readonly TypePattern AnyDecimal = new OneOf("DECIMAL", t => t is DecimalType)
    {
        Otherwise = t => t.IsInteger ? DecimalRules.Of(t) : t is NullType ? new DecimalType(1, 0) : null,
    };

    public bool Equals(MethodType? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    private static MethodType Same(string name, DataType sql) => new(name, sql, false, (v, _, _) => v, (v, _, _) => v);

    private static MethodType Converted(string name, DataType sql, string way) =>
        new(name, sql, false, (v, _, site) => $"{Values}.{way}({v}, {site})", (v, _, _) => $"{Values}.From{way}({v})");
}
