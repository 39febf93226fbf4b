using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Functions;

/// <summary>The C# type that holds a value in generated code and in kernels.</summary>
public static class PhysicalTypes
{
    public static Type Of(DataType type) => type switch
    {
        BooleanType => typeof(bool),
        Int8Type => typeof(sbyte),
        Int16Type => typeof(short),
        Int32Type or DateType or YearMonthIntervalType => typeof(int),
        Int64Type or TimestampType or DayTimeIntervalType => typeof(long),
        FloatType => typeof(float),
        DoubleType => typeof(double),
        DecimalType { Is64: true } => typeof(long),
        DecimalType => typeof(Int128),
        StringType or BinaryType => typeof(Utf8),
        ListType or MapType or StructType or NullType => typeof(object),
        _ => throw new UnreachableException(type.ToString()),
    };

    /// <summary>The type as C# writes it.</summary>
    public static string NameOf(DataType type) => NameOf(Of(type));

    public static string NameOf(Type type) =>
        type == typeof(bool) ? "bool"
        : type == typeof(sbyte) ? "sbyte"
        : type == typeof(short) ? "short"
        : type == typeof(int) ? "int"
        : type == typeof(long) ? "long"
        : type == typeof(float) ? "float"
        : type == typeof(double) ? "double"
        : type == typeof(object) ? "object"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
