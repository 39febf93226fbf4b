using Lakeflow.Runtime.Functions;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Pipelines.Tests.Functions;

/// <summary>What a user's library may hold: found by its metadata in this very assembly.</summary>
public static class ShopFunctions
{
    private static int calls;
    // Names that are words of C#, and a type in a type.

    public static class @Record
    {
        [SqlFunction("twice_nested")]
        public static int @Value(int number) => number * 2;
    }

    [SqlFunction("bool_not")]
    public static bool Not(bool x) => !x;

    [SqlFunction("same_tiny")]
    public static sbyte Same(sbyte x) => x;

    [SqlFunction("same_small")]
    public static short Same(short x) => x;

    [SqlFunction("same_float")]
    public static float Same(float x) => x;

    [SqlFunction("add_days")]
    public static DateOnly AddDays(DateOnly day, int days) => day.AddDays(days);

    [SqlFunction("next_hour")]
    public static DateTimeOffset NextHour(DateTimeOffset time) => time.AddHours(1);

    [SqlFunction("local_noon")]
    public static DateTime Noon(DateTime time) => time.Date.AddHours(12);

    [SqlFunction("twice_as_long")]
    public static TimeSpan TwiceAsLong(TimeSpan span) => span * 2;

    [SqlFunction("backwards")]
    public static byte[] Backwards(byte[] bytes) => [.. bytes.Reverse()];

    [SqlFunction("first_byte")]
    public static int FirstByte(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? -1 : bytes[0];

    [SqlFunction("tail")]
    public static Utf8 Tail(Utf8 text) => text.Slice(Math.Min(1, text.Length), Math.Max(0, text.Length - 1));

    [SqlFunction("gross", Returns = "DECIMAL(12, 2)")]
    public static decimal Gross(decimal net, decimal rate) => net * (1 + rate);

    [SqlFunction]
    public static decimal PlainDecimal(decimal x) => x;

    [SqlFunction("shout")]
    public static string Shout(string text) => text.ToUpperInvariant() + "!";

    /// <summary>Gets NULL, and gives it.</summary>
    [SqlFunction("or_unknown")]
    public static string? OrUnknown(string? text) => text is null ? "unknown" : text.Length == 0 ? null : text;

    [SqlFunction("sum_or_null")]
    public static long? SumOrNull(long? a, long b) => a is null ? null : a + b;

    [SqlFunction("liar")]
    public static string Liar(string text) => text.Length > 3 ? null! : text;

#nullable disable
    [SqlFunction("old_style")]
    public static string OldStyle(string text) => text.Length == 0 ? null : text;
#nullable enable

    [SqlFunction("picky")]
    public static int Picky(int quantity, string name) =>
        quantity < 0 ? throw new ArgumentOutOfRangeException(nameof(quantity), "no negative quantities") : quantity + name.Length;

    [SqlFunction("size_of")]
    public static string SizeOf(int number) => "int " + number;

    [SqlFunction("size_of")]
    public static string SizeOf(long number) => "long " + number;

    [SqlFunction("size_of")]
    public static string SizeOf(string text) => "text " + text;

    [SqlFunction("count_up", IsDeterministic = false)]
    public static int CountUp() => Interlocked.Increment(ref calls);

    [SqlFunction("roll", IsDeterministic = false)]
    public static double Roll(double seed) => seed + Interlocked.Increment(ref calls);

    [SqlFunction("upper")]
    public static string Upper(string text) => text;

    [SqlFunction("takes_uri")]
    public static string TakesUri(Uri address) => address.Host;

    [SqlFunction("takes_ref")]
    public static int TakesRef(ref int x) => x;

    [SqlFunction("gives_nothing")]
    public static void GivesNothing(int x) => _ = x;

    [SqlFunction("generic_one")]
    public static int Generic<T>(int x) => x;

    [SqlFunction("hidden_one")]
    internal static int Hidden(int x) => x;

    [SqlFunction("wrong_returns", Returns = "INT")]
    public static decimal WrongReturns(int x) => x;
}

internal static class HiddenFunctions
{
    [SqlFunction("in_hidden_type")]
    public static int Same(int x) => x;
}

public sealed class InstanceFunctions
{
    [SqlFunction("of_an_object")]
    public int Same(int x) => x + GetHashCode();
}
