using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>FLOAT and DOUBLE arithmetic: IEEE 754, overflow is infinite; but a divisor of 0 raises LF5001, as everywhere in ANSI mode.</summary>
public static class FloatKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static double AddDouble(double a, double b) => a + b;

    [MethodImpl(Inline)]
    public static double SubtractDouble(double a, double b) => a - b;

    [MethodImpl(Inline)]
    public static double MultiplyDouble(double a, double b) => a * b;

    [MethodImpl(Inline)]
    public static double DivideDouble(double a, double b, int site)
    {
        if (b == 0) Throw.DivideByZero(site, a);
        return a / b;
    }

    public static bool TryDivideDouble(double a, double b, out double result)
    {
        result = a / b;
        return b != 0;
    }

    /// <summary>Sign of the dividend.</summary>
    [MethodImpl(Inline)]
    public static double RemainderDouble(double a, double b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        return a % b;
    }

    public static bool TryRemainderDouble(double a, double b, out double result)
    {
        result = a % b;
        return b != 0;
    }

    public static double PositiveModuloDouble(double a, double b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        var r = a % b;
        return r < 0 ? (r + b) % b : r;
    }

    [MethodImpl(Inline)]
    public static double NegateDouble(double a) => -a;

    [MethodImpl(Inline)]
    public static double AbsDouble(double a) => Math.Abs(a);

    [MethodImpl(Inline)]
    public static float AddFloat(float a, float b) => a + b;

    [MethodImpl(Inline)]
    public static float SubtractFloat(float a, float b) => a - b;

    [MethodImpl(Inline)]
    public static float MultiplyFloat(float a, float b) => a * b;

    [MethodImpl(Inline)]
    public static float RemainderFloat(float a, float b, int site)
    {
        if (b == 0) Throw.RemainderByZero(site, a);
        return a % b;
    }

    public static bool TryRemainderFloat(float a, float b, out float result)
    {
        result = a % b;
        return b != 0;
    }

    [MethodImpl(Inline)]
    public static float NegateFloat(float a) => -a;

    [MethodImpl(Inline)]
    public static float AbsFloat(float a) => Math.Abs(a);

    [MethodImpl(Inline)]
    public static double SameDouble(double a) => a;

    [MethodImpl(Inline)]
    public static float SameFloat(float a) => a;
}
