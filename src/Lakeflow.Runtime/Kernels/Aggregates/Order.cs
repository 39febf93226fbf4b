using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>SQL's order of fixed-width values.</summary>
internal static class Order
{
    /// <summary>For floating numbers NaN is above everything; the type tests vanish when the method is specialised.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Less<T>(T a, T b)
        where T : unmanaged, IComparable<T>
    {
        if (typeof(T) == typeof(double)) return CompareKernels.LessDouble((double)(object)a, (double)(object)b);
        if (typeof(T) == typeof(float)) return CompareKernels.LessFloat((float)(object)a, (float)(object)b);
        return a.CompareTo(b) < 0;
    }
}
