using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Kernels;

public class DateTimeTests
{
    private static readonly SessionZone Oslo = SessionZone.Find("Europe/Oslo")!;
    private static readonly SessionZone LosAngeles = SessionZone.Find("America/Los_Angeles")!;

    private static Arbitrary<DateTime> Moments =>
        ArbMap.Default.GeneratorFor<DateTime>().Select(d => new DateTime(d.Ticks / 10 * 10, DateTimeKind.Utc)).ToArbitrary();

    private static int Date(string text) => TextCasts.TextToDate(Utf8.From(text), 0);

    private static long Time(string text, SessionZone? zone = null) => TextCasts.TextToTimestamp(Utf8.From(text), zone ?? SessionZone.Utc, 0);

    private static string Show(long ts, SessionZone? zone = null)
    {
        var scratch = default(TextArena);
        return TextOutput.TimestampToText(ts, zone ?? SessionZone.Utc, ref scratch).ToString();
    }

    private static string ShowDate(int days)
    {
        var scratch = default(TextArena);
        return TextOutput.DateToText(days, ref scratch).ToString();
    }

    [Fact]
    public void Days_agree_with_DateOnly() => Prop.ForAll(Gen.Choose(0, DateOnly.MaxValue.DayNumber).ToArbitrary(), n =>
    {
        var date = DateOnly.FromDayNumber(n);
        var days = n - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        Calendar.Split(days, out var year, out var month, out var day);
        return (year, month, day) == (date.Year, date.Month, date.Day)
            && Calendar.DaysFrom(year, month, day) == days
            && Calendar.DaysInMonth(year, month) == DateTime.DaysInMonth(year, month)
            && DateKernels.DayOfWeek(days) == (int)date.DayOfWeek + 1
            && DateKernels.DayOfYear(days) == date.DayOfYear
            && DateKernels.WeekOfYear(days) == System.Globalization.ISOWeek.GetWeekOfYear(date.ToDateTime(default));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Adding_months_agrees_with_DateOnly() => Prop.ForAll(Gen.Choose(400_000, 1_000_000).ToArbitrary(), Gen.Choose(-2000, 2000).ToArbitrary(), (n, months) =>
    {
        var epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return DateKernels.AddMonths(n - epoch, months, 0) == DateOnly.FromDayNumber(n).AddMonths(months).DayNumber - epoch;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_timestamp_prints_and_reads_back() => Prop.ForAll(Moments, moment =>
    {
        var micros = (moment.Ticks - DateTime.UnixEpoch.Ticks) / 10;
        return Time(Show(micros)) == micros && TimestampKernels.HourNtz(micros) == moment.Hour && TimestampKernels.SecondNtz(micros) == moment.Second;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2024-01-31", "2024-01-31")]
    [InlineData(" 2024-1-5 ", "2024-01-05")]
    [InlineData("2024", "2024-01-01")]
    [InlineData("2024-03", "2024-03-01")]
    [InlineData("2024-01-31 anything", "2024-01-31")]
    [InlineData("2024-01-31T10:00", "2024-01-31")]
    [InlineData("-0044-03-15", "-0044-03-15")]
    [InlineData("+12345-01-01", "+12345-01-01")]
    public void Text_to_date(string text, string date) => Assert.Equal(date, ShowDate(Date(text)));

    [Theory]
    [InlineData("2024-02-30")]
    [InlineData("24-01-01")]
    [InlineData("2024-13-01")]
    [InlineData("2024-01-31x")]
    [InlineData("2024/01/31")]
    [InlineData("")]
    public void What_is_no_date_is_refused(string text) => Assert.False(TextCasts.TryTextToDate(Utf8.From(text), out _));

    [Theory]
    [InlineData("2024-01-31", "2024-01-31 00:00:00")]
    [InlineData("2024-01-31 1:2", "2024-01-31 01:02:00")]
    [InlineData("2024-01-31T10:11:12.123456789Z", "2024-01-31 10:11:12.123456")]
    [InlineData("2024-01-31 10:11:12.5+02:00", "2024-01-31 08:11:12.5")]
    [InlineData("2024-07-01 12:00:00 Europe/Oslo", "2024-07-01 10:00:00")]
    [InlineData("2024-07-01 12:00:00 UTC+1", "2024-07-01 11:00:00")]
    public void Text_to_timestamp(string text, string shown) => Assert.Equal(shown, Show(Time(text)));

    [Theory]
    [InlineData("2024-01-31 24:00:00")]
    [InlineData("2024-01-31 10:60:00")]
    [InlineData("2024-01-31 10:00:00 Mars/Olympus")]
    public void What_is_no_timestamp_is_refused(string text) => Assert.False(TextCasts.TryTextToTimestamp(Utf8.From(text), SessionZone.Utc, out _));

    [Fact]
    public void Clocks_skip_and_repeat_at_the_changes_of_the_year()
    {
        Assert.Equal("2024-03-31 01:00:00", Show(Time("2024-03-31 03:00:00", Oslo)));
        Assert.Equal("2024-03-31 01:30:00", Show(Time("2024-03-31 02:30:00", Oslo)));
        Assert.Equal("2024-10-27 00:30:00", Show(Time("2024-10-27 02:30:00", Oslo)));
        Assert.Equal("2024-10-27 02:30:00", Show(Time("2024-10-27 01:30:00"), Oslo));
        Assert.Equal("2024-07-01 05:00:00", Show(Time("2024-07-01 12:00:00"), LosAngeles));
    }

    [Fact]
    public void A_wall_clock_comes_back_from_its_instant() => Prop.ForAll(Moments.Filter(m => m.Year is > 1970 and < 2037), moment =>
    {
        var micros = (moment.Ticks - DateTime.UnixEpoch.Ticks) / 10;
        var local = LosAngeles.ToLocal(micros);
        return local == LosAngeles.ToLocal(LosAngeles.ToUtc(local));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_day_later_is_the_same_clock_but_24_hours_are_not()
    {
        var before = Time("2024-03-30 12:00:00", Oslo);
        Assert.Equal("2024-03-31 12:00:00", Show(TimestampKernels.AddDuration(before, Calendar.MicrosPerDay, Oslo, 0), Oslo));
        Assert.Equal("2024-03-31 13:00:00", Show(TimestampKernels.AddUnits(DateUnit.Compile("HOUR"), 24, before, Oslo, 0), Oslo));
    }

    [Theory]
    [InlineData("YEAR", "2015-01-01 00:00:00")]
    [InlineData("QUARTER", "2015-01-01 00:00:00")]
    [InlineData("mon", "2015-03-01 00:00:00")]
    [InlineData("WEEK", "2015-03-02 00:00:00")]
    [InlineData("DD", "2015-03-05 00:00:00")]
    [InlineData("HOUR", "2015-03-05 09:00:00")]
    [InlineData("MILLISECOND", "2015-03-05 09:32:05.359")]
    public void Date_trunc(string unit, string shown)
    {
        Assert.True(TimestampKernels.TryTruncate(DateUnit.Compile(unit), Time("2015-03-05 09:32:05.359123"), SessionZone.Utc, out var result));
        Assert.Equal(shown, Show(result));
    }

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss.SSS", "2024-02-03 16:05:06.123")]
    [InlineData("d.M.yy h:mm a", "3.2.24 4:05 PM")]
    [InlineData("EEE EEEE, MMM MMMM", "Sat Saturday, Feb February")]
    [InlineData("'Q'q QQQ D", "Q1 Q1 34")]
    [InlineData("yyyy''MM", "2024'02")]
    [InlineData("XXX Z O VV", "Z +0000 GMT UTC")]
    [InlineData("k K SSSSSS", "16 4 123456")]
    public void A_pattern_writes(string pattern, string expected)
    {
        var ts = Time("2024-02-03 16:05:06.123456");
        Assert.Equal(expected, DateTimePattern.Compile(pattern).Format(ts, 0, SessionZone.Utc));
    }

    [Theory]
    [InlineData("03.02.2024 16:05", "dd.MM.yyyy HH:mm", "2024-02-03 16:05:00")]
    [InlineData("20240203", "yyyyMMdd", "2024-02-03 00:00:00")]
    [InlineData("3-Feb-24", "d-MMM-yy", "2024-02-03 00:00:00")]
    [InlineData("2024-02-03T16:05:06.5+01:00", "yyyy-MM-dd'T'HH:mm:ss.SXXX", "2024-02-03 15:05:06.5")]
    [InlineData("2024-02-03", "yyyy-MM-dd[ HH:mm]", "2024-02-03 00:00:00")]
    [InlineData("02/03/2024 04:05:06 PM", "MM/dd/yyyy hh:mm:ss a", "2024-02-03 16:05:06")]
    public void A_pattern_reads(string text, string pattern, string shown)
    {
        Assert.True(DateTimePattern.Compile(pattern).TryParse(text, SessionZone.Utc, out var ts));
        Assert.Equal(shown, Show(ts));
    }

    [Theory]
    [InlineData("2024-2-3", "yyyy-MM-dd")]
    [InlineData("2024-02-03 ", "yyyy-MM-dd")]
    [InlineData("2024-02-30", "yyyy-MM-dd")]
    [InlineData("24:00", "HH:mm")]
    public void A_text_off_the_pattern_is_refused(string text, string pattern) => Assert.False(DateTimePattern.Compile(pattern).TryParse(text, SessionZone.Utc, out _));

    [Theory]
    [InlineData("YYYY")]
    [InlineData("yyyy-MM-dd'T")]
    [InlineData("ddd")]
    public void A_pattern_with_letters_unknown_is_refused(string pattern) => Assert.Equal("LF5007", Assert.Throws<KernelFault>(() => DateTimePattern.Compile(pattern)).Code);

    [Fact]
    public void Spans_between_dates()
    {
        Assert.Equal(3.94959677, TimestampKernels.MonthsBetween(Time("1997-02-28 10:30:00"), Time("1996-10-30"), true, SessionZone.Utc));
        Assert.Equal(1.0, TimestampKernels.MonthsBetween(Time("2024-02-29"), Time("2024-01-31"), true, SessionZone.Utc));
        Assert.Equal(1, TimestampKernels.UnitsBetween(DateUnit.Compile("MONTH"), Time("2024-01-31"), Time("2024-03-01"), SessionZone.Utc, 0));
        Assert.Equal(-1, TimestampKernels.UnitsBetween(DateUnit.Compile("YEAR"), Time("2024-01-31"), Time("2023-01-31"), SessionZone.Utc, 0));
        Assert.Equal("2015-01-20", ShowDate(DateKernels.NextDay(Date("2015-01-14"), Utf8.From("TU"), 0)));
        Assert.Equal("2024-02-29", ShowDate(DateKernels.LastDay(Date("2024-02-11"))));
        Assert.Equal("2016-08-31 09:00:00", Show(TimestampKernels.FromUtc(Time("2016-08-31"), SessionZone.Compile("Asia/Seoul"), SessionZone.Utc)));
    }
}
