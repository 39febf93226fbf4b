using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Reading;

namespace Lakeflow.Runtime.Tests.Reading;

/// <summary>Values of tables as C# types.</summary>
public sealed class CellTests
{
    [Fact]
    public void A_decimal_of_up_to_28_digits_is_the_same_number() =>
        Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), number =>
        {
            var bits = decimal.GetBits(number);
            var scale = (bits[3] >> 16) & 0xFF;
            var unscaled = (Int128)BigInteger.Parse(number.ToString(CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            return Cell.Decimal(unscaled, scale) == number;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Zeros_at_the_end_of_a_long_decimal_carry_nothing() =>
        Assert.Equal(12.5m, Cell.Decimal((Int128)125 * Int128.Parse("1" + new string('0', 36), CultureInfo.InvariantCulture), 37));

    [Fact]
    public void A_decimal_that_does_not_fit_is_an_error_and_not_a_rounded_number()
    {
        var most = Int128.Parse(new string('9', 38), CultureInfo.InvariantCulture);
        Assert.Equal("LF0055", Assert.Throws<RuntimeError>(() => Cell.Decimal(most, 0)).Code);
        Assert.Equal("LF0055", Assert.Throws<RuntimeError>(() => Cell.Decimal(-most, 38)).Code);
    }

    [Fact]
    public void Days_and_microseconds_become_dates_and_times_also_before_1970()
    {
        Assert.Equal(new DateOnly(1969, 12, 31), Cell.Date(-1));
        Assert.Equal(new DateTimeOffset(1970, 1, 1, 0, 0, 1, TimeSpan.Zero), Cell.Timestamp(1_000_000L));
        Assert.Equal(new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Unspecified), Cell.TimestampNtz(-1_000_000L));
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), Cell.Duration(1_500L));
    }

    [Fact]
    public void Dates_times_and_intervals_that_CSharp_has_not_are_errors_and_not_others()
    {
        Assert.Equal(DateOnly.MinValue, Cell.Date(-719_162));
        Assert.Equal(DateOnly.MaxValue, Cell.Date(2_932_896));
        Assert.Equal(new DateTime(9999, 12, 31, 23, 59, 59, 999, 999), Cell.TimestampNtz(253_402_300_799_999_999L));
        Assert.Equal(new TimeSpan(-(long.MaxValue / 10) * 10), Cell.Duration(-(long.MaxValue / 10)));
        Func<object>[] beyond =
        [
            () => Cell.Date(-719_163), () => Cell.Date(2_932_897), () => Cell.Date(int.MinValue),
            () => Cell.Timestamp(253_402_300_800_000_000L), () => Cell.Timestamp(long.MinValue), () => Cell.TimestampNtz(-62_135_596_800_000_001L),
            () => Cell.Duration((long.MaxValue / 10) + 1), () => Cell.Duration(long.MinValue),
        ];
        Assert.All(beyond, value => Assert.Equal("LF0055", Assert.Throws<RuntimeError>(value).Code));
        Assert.Equal(
            "The INTERVAL DAY TO SECOND of 8640000000000000000 microseconds is more than C#'s TimeSpan holds.",
            Assert.Throws<RuntimeError>(() => Cell.Duration(8_640_000_000_000_000_000L)).Message);
    }

    [Fact]
    public void Lists_and_maps_keep_their_nulls()
    {
        Assert.Equal([1, null], Cell.List<int?>(new object?[] { 1, null }, static item => (int?)item));
        var map = Cell.Map<string, long?>(new KeyValuePair<object, object?>[] { new("a", 1L), new("b", null) }, static key => (string)key, static item => (long?)item);
        Assert.Equal([("a", 1L), ("b", null)], map.Select(e => (e.Key, e.Value)));
    }
}
