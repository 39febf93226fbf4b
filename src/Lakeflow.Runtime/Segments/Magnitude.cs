using System.Numerics;
using System.Runtime.CompilerServices;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>How far the values of a batch are from 0: what proves, before a loop runs, that 64 bits hold all that it computes.</summary>
/// <remarks>Bounds are DOUBLEs: they cannot overflow, and their rounding is far less than the half that <see cref="Limit"/> leaves free.</remarks>
public static class Magnitude
{
    /// <summary>What stays below it fits in 64 bits, with one bit to spare.</summary>
    public const double Limit = 1L << 62;

    /// <summary>A power of two that no value of a column is further from 0 than. Values of rows that are NULL count too.</summary>
    /// <remarks>The column keeps it for whoever comes next, and the column that it is a slice of for all its slices.</remarks>
    public static double Of<T>(RecordBatch rows, int column)
        where T : unmanaged, IBinaryInteger<T>
    {
        var values = rows.Columns[column] switch
        {
            PrimitiveArray<T> plain => plain.Whole,
            DictionaryArray { Dictionary: PrimitiveArray<T> distinct } => distinct.Whole,
            _ => null,
        };
        if (values is null) return Of(Columns.Values<T>(rows, column));
        var known = values.Bound;
        if (double.IsNaN(known)) values.Bound = known = Of(values.Values);
        return known;
    }

    /// <inheritdoc cref="Of{T}(RecordBatch, int)"/>
    public static double Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        // value ^ sign is the value, or −value − 1 of a negative one: the highest bit among all of them bounds all.
        var sign = (Unsafe.SizeOf<T>() * 8) - 1;
        var bits = T.Zero;
        var i = 0;
        if (Vector.IsHardwareAccelerated && values.Length >= Vector<T>.Count * 2)
        {
            Vector<T> even = default, odd = default;
            for (; i <= values.Length - (Vector<T>.Count * 2); i += Vector<T>.Count * 2)
            {
                var a = new Vector<T>(values[i..]);
                var b = new Vector<T>(values[(i + Vector<T>.Count)..]);
                even |= a ^ (a >> sign);
                odd |= b ^ (b >> sign);
            }

            even |= odd;
            for (var lane = 0; lane < Vector<T>.Count; lane++) bits |= even[lane];
        }

        for (; i < values.Length; i++) bits |= values[i] ^ (values[i] >> sign);
        return double.ScaleB(1, 64 - BitOperations.LeadingZeroCount(ulong.CreateTruncating(bits)));
    }

    /// <summary>True if sums over so many rows stay in 64 bits, each row adding at most its bound.</summary>
    public static bool Fits(int rows, params ReadOnlySpan<double> bounds) => Greatest(rows, bounds) < Limit;

    /// <summary>The greatest that one of the sums can get to.</summary>
    internal static double Greatest(int rows, ReadOnlySpan<double> bounds)
    {
        var greatest = 0d;
        foreach (var bound in bounds) greatest = double.Max(greatest, bound);
        return greatest * Math.Max(rows, 1);
    }
}
