using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels;

/// <summary>LF5001 to LF5009: how kernels fail. Out of line, so that the loops that call them stay small.</summary>
public static class Throw
{
    /// <param name="dividend">As text: a DECIMAL, an interval.</param>
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DivideByZero(int site, string dividend) => throw new KernelFault(site, "LF5001",
        $"Division by zero: {dividend} / 0.", "Use try_divide, or NULLIF(divisor, 0), to get NULL instead.", "DIVIDE_BY_ZERO");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DivideByZero(int site, Int128 dividend, int scale) => DivideByZero(site, DecimalMath.Text(dividend, scale));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void RemainderByZero(int site, Int128 dividend, int scale) => throw new KernelFault(site, "LF5001",
        $"Remainder of a division by zero: {DecimalMath.Text(dividend, scale)} % 0.", "Use try_mod, or NULLIF(divisor, 0), to get NULL instead.", "REMAINDER_BY_ZERO");

    /// <param name="result">What does not fit, as text: the value, or the operation with its operands.</param>
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Overflow(int site, string result, string type) => throw new KernelFault(site, "LF5002",
        $"{result} does not fit in {type}.", "Cast to a wider type first, or use a try_ function to get NULL instead.", "ARITHMETIC_OVERFLOW");

    /// <summary>A sum, or another result that is a whole number.</summary>
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Overflow(int site, string what, Int128 result, string type) =>
        Overflow(site, string.Create(CultureInfo.InvariantCulture, $"{what} {result}"), type);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void RoundOverflow(int site, string function, long x, int digits, string type) =>
        Overflow(site, string.Create(CultureInfo.InvariantCulture, $"{function}({x}, {digits})"), type);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DivideByZero(int site, double dividend) => throw new KernelFault(site, "LF5001",
        $"Division by zero: {NumberText.OfDouble(dividend)} / 0.", "Use try_divide, or NULLIF(divisor, 0), to get NULL instead.", "DIVIDE_BY_ZERO");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DivideByZero(int site, long dividend) => throw new KernelFault(site, "LF5001",
        string.Create(CultureInfo.InvariantCulture, $"Division by zero: {dividend} div 0."), "Use NULLIF(divisor, 0) to get NULL instead.", "DIVIDE_BY_ZERO");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void RemainderByZero(int site, double dividend) => throw new KernelFault(site, "LF5001",
        $"Remainder of a division by zero: {NumberText.OfDouble(dividend)} % 0.", "Use try_mod, or NULLIF(divisor, 0), to get NULL instead.", "REMAINDER_BY_ZERO");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void RemainderByZero(int site, long dividend) => throw new KernelFault(site, "LF5001",
        string.Create(CultureInfo.InvariantCulture, $"Remainder of a division by zero: {dividend} % 0."), "Use try_mod, or NULLIF(divisor, 0), to get NULL instead.", "REMAINDER_BY_ZERO");

    /// <summary>Names the operands; a sign alone is 0 minus the value.</summary>
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Overflow(int site, long a, char sign, long b, string type) => throw new KernelFault(site, "LF5002",
        string.Create(CultureInfo.InvariantCulture, $"{a} {sign} {b} does not fit in {type}."), "Cast to a wider type first, or use a try_ function to get NULL instead.", "ARITHMETIC_OVERFLOW");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void CastInvalid(int site, Utf8 value, string type) => throw new KernelFault(site, "LF5003",
        $"'{Short(value.ToString())}' cannot be read as {type}.", "Use try_cast to get NULL instead.", "CAST_INVALID_INPUT");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void CastOverflow(int site, object value, string type) => throw new KernelFault(site, "LF5004",
        $"{string.Create(CultureInfo.InvariantCulture, $"{value}")} does not fit in {type}.", "Use try_cast to get NULL instead.", "CAST_OVERFLOW");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void CastOverflow(int site, long value, string type) => CastOverflow(site, (object)value, type);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void CastOverflow(int site, double value, string type) => CastOverflow(site, (object)value, type);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void OutOfRange(int site, long value, int precision, int scale) =>
        OutOfRange(site, value.ToString(CultureInfo.InvariantCulture), precision, scale);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void OutOfRange(int site, string value, int precision, int scale) => throw new KernelFault(site, "LF5005",
        $"{value} does not fit in DECIMAL({precision},{scale}).", "Cast to a wider DECIMAL, or use a try_ function to get NULL instead.", "NUMERIC_VALUE_OUT_OF_RANGE");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void ArrayIndex(int site, long index, int size, bool zeroBased) => throw new KernelFault(site, "LF5006",
        $"Index {index} is outside an array of {size} element{(size == 1 ? "" : "s")}.",
        zeroBased ? "The first element is [0]; use get(array, index) to get NULL instead." : "The first element is 1, the last -1; use try_element_at to get NULL instead.",
        zeroBased ? "INVALID_ARRAY_INDEX" : "INVALID_ARRAY_INDEX_IN_ELEMENT_AT");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DateTimeText(int site, string value, string pattern) => throw new KernelFault(site, "LF5007",
        $"'{Short(value)}' does not match the pattern '{pattern}'.", "Use try_to_timestamp or try_to_date to get NULL instead.", "CANNOT_PARSE_TIMESTAMP");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DateTimeField(int site, string message) => throw new KernelFault(site, "LF5007",
        message, "Use a try_ function to get NULL instead.", "DATETIME_FIELD_OUT_OF_BOUNDS");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void DuplicateKey(int site, object key) => throw new KernelFault(site, "LF5008",
        string.Create(CultureInfo.InvariantCulture, $"The map key '{key}' occurs twice."), "Make the keys distinct before the map is built.", "DUPLICATED_MAP_KEY");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void NullKey(int site) => throw new KernelFault(site, "LF5008",
        "A map key is NULL.", "Filter out the NULL key, or replace it with coalesce.", "NULL_MAP_KEY");

    /// <summary>raise_error, assert_true, and arguments that a function refuses.</summary>
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Raise(int site, string message, string? errorClass, string? hint = null) =>
        throw new KernelFault(site, "LF5009", message, hint, errorClass);

    /// <summary>A <c>[SqlFunction]</c> method threw.</summary>
    /// <param name="method">Its full name in C#.</param>
    /// <param name="thrown">What it threw.</param>
    /// <param name="arguments">What it was called with.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static KernelFault ByMethod(int site, string method, Exception thrown, params ReadOnlySpan<object?> arguments)
    {
        var texts = new List<string>();
        foreach (var argument in arguments) texts.Add(argument is null ? "null" : argument is string text ? $"\"{Short(text)}\"" : Short(Convert.ToString(argument, CultureInfo.InvariantCulture)!));
        return new KernelFault(site, "LF5013",
            $"{method}({string.Join(", ", texts)}) failed: {thrown.GetType().Name}: {thrown.Message}", "Mend the method, or keep such rows from it with WHERE or CASE.", null, thrown);
    }

    /// <summary>The result of a <c>[SqlFunction]</c> method whose type takes no null.</summary>
    public static T NotNull<T>(int site, string method, T? result)
        where T : class
    {
        if (result is null) NullResult(site, method);
        return result;
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private static void NullResult(int site, string method) => throw new KernelFault(site, "LF5013",
        $"{method} gave null, and its type says that it never does.", "Write ? behind the type that it returns.", null);

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
