using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Integer arithmetic under ANSI rules: what does not fit in the type raises LF5002; the Try forms give NULL instead.</summary>
public static class IntegerKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static sbyte AddInt8(sbyte a, sbyte b, int site)
    {
        var r = a + b;
        if (r != (sbyte)r) Throw.Overflow(site, a, '+', b, "TINYINT");
        return (sbyte)r;
    }

    public static bool TryAddInt8(sbyte a, sbyte b, out sbyte result)
    {
        var r = a + b;
        result = unchecked((sbyte)r);
        return !(r != (sbyte)r);
    }

    [MethodImpl(Inline)]
    public static sbyte SubtractInt8(sbyte a, sbyte b, int site)
    {
        var r = a - b;
        if (r != (sbyte)r) Throw.Overflow(site, a, '-', b, "TINYINT");
        return (sbyte)r;
    }

    public static bool TrySubtractInt8(sbyte a, sbyte b, out sbyte result)
    {
        var r = a - b;
        result = unchecked((sbyte)r);
        return !(r != (sbyte)r);
    }

    [MethodImpl(Inline)]
    public static sbyte MultiplyInt8(sbyte a, sbyte b, int site)
    {
        var r = a * b;
        if (r != (sbyte)r) Throw.Overflow(site, a, '*', b, "TINYINT");
        return (sbyte)r;
    }

    public static bool TryMultiplyInt8(sbyte a, sbyte b, out sbyte result)
    {
        var r = a * b;
        result = unchecked((sbyte)r);
        return !(r != (sbyte)r);
    }

    [MethodImpl(Inline)]
    public static sbyte NegateInt8(sbyte a, int site)
    {
        if (a == sbyte.MinValue) Throw.Overflow(site, 0, '-', a, "TINYINT");
        return (sbyte)-a;
    }

    [MethodImpl(Inline)]
    public static sbyte AbsInt8(sbyte a, int site)
    {
        if (a == sbyte.MinValue) Throw.Overflow(site, 0, '-', a, "TINYINT");
        return a < 0 ? (sbyte)-a : a;
    }

    /// <summary>Sign of the dividend.</summary>
    [MethodImpl(Inline)]
    public static sbyte RemainderInt8(sbyte a, sbyte b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        return b == -1 ? (sbyte)0 : (sbyte)(a % b);
    }

    public static bool TryRemainderInt8(sbyte a, sbyte b, out sbyte result)
    {
        result = b is 0 or -1 ? (sbyte)0 : (sbyte)(a % b);
        return b != 0;
    }

    /// <summary>Never negative for a positive divisor.</summary>
    public static sbyte PositiveModuloInt8(sbyte a, sbyte b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        if (b == -1) return 0;
        var r = a % b;
        return (sbyte)(r < 0 ? (r + b) % b : r);
    }

    [MethodImpl(Inline)]
    public static sbyte BitAndInt8(sbyte a, sbyte b) => (sbyte)(a & b);

    [MethodImpl(Inline)]
    public static sbyte BitOrInt8(sbyte a, sbyte b) => (sbyte)(a | b);

    [MethodImpl(Inline)]
    public static sbyte BitXorInt8(sbyte a, sbyte b) => (sbyte)(a ^ b);

    [MethodImpl(Inline)]
    public static sbyte BitNotInt8(sbyte a) => (sbyte)~a;

    [MethodImpl(Inline)]
    public static short AddInt16(short a, short b, int site)
    {
        var r = a + b;
        if (r != (short)r) Throw.Overflow(site, a, '+', b, "SMALLINT");
        return (short)r;
    }

    public static bool TryAddInt16(short a, short b, out short result)
    {
        var r = a + b;
        result = unchecked((short)r);
        return !(r != (short)r);
    }

    [MethodImpl(Inline)]
    public static short SubtractInt16(short a, short b, int site)
    {
        var r = a - b;
        if (r != (short)r) Throw.Overflow(site, a, '-', b, "SMALLINT");
        return (short)r;
    }

    public static bool TrySubtractInt16(short a, short b, out short result)
    {
        var r = a - b;
        result = unchecked((short)r);
        return !(r != (short)r);
    }

    [MethodImpl(Inline)]
    public static short MultiplyInt16(short a, short b, int site)
    {
        var r = a * b;
        if (r != (short)r) Throw.Overflow(site, a, '*', b, "SMALLINT");
        return (short)r;
    }

    public static bool TryMultiplyInt16(short a, short b, out short result)
    {
        var r = a * b;
        result = unchecked((short)r);
        return !(r != (short)r);
    }

    [MethodImpl(Inline)]
    public static short NegateInt16(short a, int site)
    {
        if (a == short.MinValue) Throw.Overflow(site, 0, '-', a, "SMALLINT");
        return (short)-a;
    }

    [MethodImpl(Inline)]
    public static short AbsInt16(short a, int site)
    {
        if (a == short.MinValue) Throw.Overflow(site, 0, '-', a, "SMALLINT");
        return a < 0 ? (short)-a : a;
    }

    /// <summary>Sign of the dividend.</summary>
    [MethodImpl(Inline)]
    public static short RemainderInt16(short a, short b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        return b == -1 ? (short)0 : (short)(a % b);
    }

    public static bool TryRemainderInt16(short a, short b, out short result)
    {
        result = b is 0 or -1 ? (short)0 : (short)(a % b);
        return b != 0;
    }

    /// <summary>Never negative for a positive divisor.</summary>
    public static short PositiveModuloInt16(short a, short b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        if (b == -1) return 0;
        var r = a % b;
        return (short)(r < 0 ? (r + b) % b : r);
    }

    [MethodImpl(Inline)]
    public static short BitAndInt16(short a, short b) => (short)(a & b);

    [MethodImpl(Inline)]
    public static short BitOrInt16(short a, short b) => (short)(a | b);

    [MethodImpl(Inline)]
    public static short BitXorInt16(short a, short b) => (short)(a ^ b);

    [MethodImpl(Inline)]
    public static short BitNotInt16(short a) => (short)~a;

    [MethodImpl(Inline)]
    public static int AddInt32(int a, int b, int site)
    {
        long r = (long)a + b;
        if (r != (int)r) Throw.Overflow(site, a, '+', b, "INT");
        return (int)r;
    }

    public static bool TryAddInt32(int a, int b, out int result)
    {
        long r = (long)a + b;
        result = unchecked((int)r);
        return !(r != (int)r);
    }

    [MethodImpl(Inline)]
    public static int SubtractInt32(int a, int b, int site)
    {
        long r = (long)a - b;
        if (r != (int)r) Throw.Overflow(site, a, '-', b, "INT");
        return (int)r;
    }

    public static bool TrySubtractInt32(int a, int b, out int result)
    {
        long r = (long)a - b;
        result = unchecked((int)r);
        return !(r != (int)r);
    }

    [MethodImpl(Inline)]
    public static int MultiplyInt32(int a, int b, int site)
    {
        long r = (long)a * b;
        if (r != (int)r) Throw.Overflow(site, a, '*', b, "INT");
        return (int)r;
    }

    public static bool TryMultiplyInt32(int a, int b, out int result)
    {
        long r = (long)a * b;
        result = unchecked((int)r);
        return !(r != (int)r);
    }

    [MethodImpl(Inline)]
    public static int NegateInt32(int a, int site)
    {
        if (a == int.MinValue) Throw.Overflow(site, 0, '-', a, "INT");
        return (int)-a;
    }

    [MethodImpl(Inline)]
    public static int AbsInt32(int a, int site)
    {
        if (a == int.MinValue) Throw.Overflow(site, 0, '-', a, "INT");
        return a < 0 ? (int)-a : a;
    }

    /// <summary>Sign of the dividend.</summary>
    [MethodImpl(Inline)]
    public static int RemainderInt32(int a, int b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        return b == -1 ? (int)0 : (int)(a % b);
    }

    public static bool TryRemainderInt32(int a, int b, out int result)
    {
        result = b is 0 or -1 ? (int)0 : (int)(a % b);
        return b != 0;
    }

    /// <summary>Never negative for a positive divisor.</summary>
    public static int PositiveModuloInt32(int a, int b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        if (b == -1) return 0;
        var r = a % b;
        return (int)(r < 0 ? (r + b) % b : r);
    }

    [MethodImpl(Inline)]
    public static int BitAndInt32(int a, int b) => (int)(a & b);

    [MethodImpl(Inline)]
    public static int BitOrInt32(int a, int b) => (int)(a | b);

    [MethodImpl(Inline)]
    public static int BitXorInt32(int a, int b) => (int)(a ^ b);

    [MethodImpl(Inline)]
    public static int BitNotInt32(int a) => (int)~a;

    [MethodImpl(Inline)]
    public static long AddInt64(long a, long b, int site)
    {
        var r = unchecked(a + b);
        if (((a ^ r) & (b ^ r)) < 0) Throw.Overflow(site, a, '+', b, "BIGINT");
        return r;
    }

    public static bool TryAddInt64(long a, long b, out long result)
    {
        var r = unchecked(a + b);
        result = unchecked((long)r);
        return !(((a ^ r) & (b ^ r)) < 0);
    }

    [MethodImpl(Inline)]
    public static long SubtractInt64(long a, long b, int site)
    {
        var r = unchecked(a - b);
        if (((a ^ b) & (a ^ r)) < 0) Throw.Overflow(site, a, '-', b, "BIGINT");
        return r;
    }

    public static bool TrySubtractInt64(long a, long b, out long result)
    {
        var r = unchecked(a - b);
        result = unchecked((long)r);
        return !(((a ^ b) & (a ^ r)) < 0);
    }

    [MethodImpl(Inline)]
    public static long MultiplyInt64(long a, long b, int site)
    {
        var high = Math.BigMul(a, b, out long r);
        if (high != r >> 63) Throw.Overflow(site, a, '*', b, "BIGINT");
        return r;
    }

    public static bool TryMultiplyInt64(long a, long b, out long result)
    {
        var high = Math.BigMul(a, b, out long r);
        result = unchecked((long)r);
        return !(high != r >> 63);
    }

    [MethodImpl(Inline)]
    public static long NegateInt64(long a, int site)
    {
        if (a == long.MinValue) Throw.Overflow(site, 0, '-', a, "BIGINT");
        return (long)-a;
    }

    [MethodImpl(Inline)]
    public static long AbsInt64(long a, int site)
    {
        if (a == long.MinValue) Throw.Overflow(site, 0, '-', a, "BIGINT");
        return a < 0 ? (long)-a : a;
    }

    /// <summary>Sign of the dividend.</summary>
    [MethodImpl(Inline)]
    public static long RemainderInt64(long a, long b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        return b == -1 ? (long)0 : (long)(a % b);
    }

    public static bool TryRemainderInt64(long a, long b, out long result)
    {
        result = b is 0 or -1 ? (long)0 : (long)(a % b);
        return b != 0;
    }

    /// <summary>Never negative for a positive divisor.</summary>
    public static long PositiveModuloInt64(long a, long b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        if (b == -1) return 0;
        var r = a % b;
        return (long)(r < 0 ? (r + b) % b : r);
    }

    [MethodImpl(Inline)]
    public static long BitAndInt64(long a, long b) => (long)(a & b);

    [MethodImpl(Inline)]
    public static long BitOrInt64(long a, long b) => (long)(a | b);

    [MethodImpl(Inline)]
    public static long BitXorInt64(long a, long b) => (long)(a ^ b);

    [MethodImpl(Inline)]
    public static long BitNotInt64(long a) => (long)~a;

    /// <summary><c>div</c>: truncates toward zero.</summary>
    [MethodImpl(Inline)]
    public static long DivideInt64(long a, long b, int site)
    {
        if (b == 0) Throw.DivideByZero(site, a);
        if (b == -1 && a == long.MinValue) Throw.Overflow(site, a, '/', b, "BIGINT");
        return a / b;
    }

    // Shift distances count modulo the width, as in Java and C#.
    [MethodImpl(Inline)]
    public static int ShiftLeftInt32(int a, int n) => a << n;

    [MethodImpl(Inline)]
    public static long ShiftLeftInt64(long a, int n) => a << n;

    [MethodImpl(Inline)]
    public static int ShiftRightInt32(int a, int n) => a >> n;

    [MethodImpl(Inline)]
    public static long ShiftRightInt64(long a, int n) => a >> n;

    [MethodImpl(Inline)]
    public static int ShiftRightUnsignedInt32(int a, int n) => a >>> n;

    [MethodImpl(Inline)]
    public static long ShiftRightUnsignedInt64(long a, int n) => a >>> n;

    public static int BitCount(long a) => System.Numerics.BitOperations.PopCount((ulong)a);

    public static sbyte BitGet(long a, int at, int site)
    {
        if (at is < 0 or > 63) Throw.Raise(site, $"Bit {at} is outside 0 to 63.", "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE");
        return (sbyte)((a >> at) & 1);
    }

    // +x, and round(x) of an integer.
    [MethodImpl(Inline)]
    public static sbyte SameInt8(sbyte a) => a;

    [MethodImpl(Inline)]
    public static short SameInt16(short a) => a;

    [MethodImpl(Inline)]
    public static int SameInt32(int a) => a;

    [MethodImpl(Inline)]
    public static long SameInt64(long a) => a;
}
