using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Comparisons. For FLOAT and DOUBLE: NaN equals NaN and is above everything, -0.0 equals 0.0. Text compares by bytes.</summary>
public static class CompareKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static bool EqualInt8(sbyte a, sbyte b) => a == b;

    [MethodImpl(Inline)]
    public static bool LessInt8(sbyte a, sbyte b) => a < b;

    [MethodImpl(Inline)]
    public static bool LessOrEqualInt8(sbyte a, sbyte b) => a <= b;

    [MethodImpl(Inline)]
    public static bool GreaterInt8(sbyte a, sbyte b) => a > b;

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualInt8(sbyte a, sbyte b) => a >= b;

    [MethodImpl(Inline)]
    public static bool EqualInt16(short a, short b) => a == b;

    [MethodImpl(Inline)]
    public static bool LessInt16(short a, short b) => a < b;

    [MethodImpl(Inline)]
    public static bool LessOrEqualInt16(short a, short b) => a <= b;

    [MethodImpl(Inline)]
    public static bool GreaterInt16(short a, short b) => a > b;

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualInt16(short a, short b) => a >= b;

    [MethodImpl(Inline)]
    public static bool EqualInt32(int a, int b) => a == b;

    [MethodImpl(Inline)]
    public static bool LessInt32(int a, int b) => a < b;

    [MethodImpl(Inline)]
    public static bool LessOrEqualInt32(int a, int b) => a <= b;

    [MethodImpl(Inline)]
    public static bool GreaterInt32(int a, int b) => a > b;

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualInt32(int a, int b) => a >= b;

    [MethodImpl(Inline)]
    public static bool EqualInt64(long a, long b) => a == b;

    [MethodImpl(Inline)]
    public static bool LessInt64(long a, long b) => a < b;

    [MethodImpl(Inline)]
    public static bool LessOrEqualInt64(long a, long b) => a <= b;

    [MethodImpl(Inline)]
    public static bool GreaterInt64(long a, long b) => a > b;

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualInt64(long a, long b) => a >= b;

    [MethodImpl(Inline)]
    public static bool EqualInt128(Int128 a, Int128 b) => a == b;

    [MethodImpl(Inline)]
    public static bool LessInt128(Int128 a, Int128 b) => a < b;

    [MethodImpl(Inline)]
    public static bool LessOrEqualInt128(Int128 a, Int128 b) => a <= b;

    [MethodImpl(Inline)]
    public static bool GreaterInt128(Int128 a, Int128 b) => a > b;

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualInt128(Int128 a, Int128 b) => a >= b;

    [MethodImpl(Inline)]
    public static bool EqualFloat(float a, float b) => a == b || (float.IsNaN(a) && float.IsNaN(b));

    [MethodImpl(Inline)]
    public static bool LessFloat(float a, float b) => a < b || (float.IsNaN(b) && !float.IsNaN(a));

    [MethodImpl(Inline)]
    public static bool LessOrEqualFloat(float a, float b) => a <= b || float.IsNaN(b);

    [MethodImpl(Inline)]
    public static bool GreaterFloat(float a, float b) => a > b || (float.IsNaN(a) && !float.IsNaN(b));

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualFloat(float a, float b) => a >= b || float.IsNaN(a);

    [MethodImpl(Inline)]
    public static bool EqualDouble(double a, double b) => a == b || (double.IsNaN(a) && double.IsNaN(b));

    [MethodImpl(Inline)]
    public static bool LessDouble(double a, double b) => a < b || (double.IsNaN(b) && !double.IsNaN(a));

    [MethodImpl(Inline)]
    public static bool LessOrEqualDouble(double a, double b) => a <= b || double.IsNaN(b);

    [MethodImpl(Inline)]
    public static bool GreaterDouble(double a, double b) => a > b || (double.IsNaN(a) && !double.IsNaN(b));

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualDouble(double a, double b) => a >= b || double.IsNaN(a);

    [MethodImpl(Inline)]
    public static bool EqualBoolean(bool a, bool b) => a == b;

    [MethodImpl(Inline)]
    public static bool LessBoolean(bool a, bool b) => !a & b;

    [MethodImpl(Inline)]
    public static bool LessOrEqualBoolean(bool a, bool b) => !a | b;

    [MethodImpl(Inline)]
    public static bool GreaterBoolean(bool a, bool b) => a & !b;

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualBoolean(bool a, bool b) => a | !b;

    [MethodImpl(Inline)]
    public static bool EqualText(Utf8 a, Utf8 b) => a.Bytes.SequenceEqual(b.Bytes);

    [MethodImpl(Inline)]
    public static bool LessText(Utf8 a, Utf8 b) => a.Bytes.SequenceCompareTo(b.Bytes) < 0;

    [MethodImpl(Inline)]
    public static bool LessOrEqualText(Utf8 a, Utf8 b) => a.Bytes.SequenceCompareTo(b.Bytes) <= 0;

    [MethodImpl(Inline)]
    public static bool GreaterText(Utf8 a, Utf8 b) => a.Bytes.SequenceCompareTo(b.Bytes) > 0;

    [MethodImpl(Inline)]
    public static bool GreaterOrEqualText(Utf8 a, Utf8 b) => a.Bytes.SequenceCompareTo(b.Bytes) >= 0;

    // Nested values: the operands are not NULL, what is inside may be; NULL inside is equal to NULL and below everything.
    public static bool EqualNested(object? a, object? b) => BoxedValues.Compare(a, b) == 0;

    public static bool LessNested(object? a, object? b) => BoxedValues.Compare(a, b) < 0;

    public static bool LessOrEqualNested(object? a, object? b) => BoxedValues.Compare(a, b) <= 0;

    public static bool GreaterNested(object? a, object? b) => BoxedValues.Compare(a, b) > 0;

    public static bool GreaterOrEqualNested(object? a, object? b) => BoxedValues.Compare(a, b) >= 0;
}
