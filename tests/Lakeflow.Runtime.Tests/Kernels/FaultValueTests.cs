using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Kernels.Aggregates;

namespace Lakeflow.Runtime.Tests.Kernels;

/// <summary>What fails on a value says the value.</summary>
public class FaultValueTests
{
    public static TheoryData<string, Action> Faults() => new()
    {
        { "Division by zero: 1.50 / 0.", () => DecimalKernels.DivideDecimal(150, 0, 5, 10, 7, 2, 0) },
        { "Remainder of a division by zero: -1.5 % 0.", () => DecimalKernels.RemainderDecimal(-15, 0, 1, 0, 0, 4, 2, 0) },
        { "Division by zero: 7.5 / 0.", () => DecimalKernels.DivDecimal(75, 0, 1, 0, 0, 38, 2, 0) },
        { "Division by zero: INTERVAL '1-2' YEAR TO MONTH / 0.", () => IntervalKernels.DivideMonths(14, 0, 0) },
        { "Division by zero: INTERVAL '0 00:00:01' DAY TO SECOND / 0.", () => IntervalKernels.DivideDuration(1_000_000, 0, 0) },
        { "4.294967294E9 months does not fit in INTERVAL YEAR TO MONTH.", () => IntervalKernels.MultiplyMonths(int.MaxValue, 2, 0) },
        { "round(127, -1) does not fit in TINYINT.", () => MathKernels.RoundInt8(127, -1, 0) },
        { "bround(2147483647, -1) does not fit in INT.", () => MathKernels.BRoundInt32(int.MaxValue, -1, 0) },
        { "9999-12-31 + 2147483647 months does not fit in DATE.", () => DateKernels.AddMonths(2932896, int.MaxValue, 0) },
        { "The sum 9223372036854775808 does not fit in BIGINT.", () => SumOf(long.MaxValue, 1) },
        { "The sum -18446744073709551616 does not fit in BIGINT.", () => SumOf(long.MinValue, long.MinValue) },
        { "The sum 99999999999999999999999999999999999999.5 does not fit in DECIMAL(38,0).", () => DecimalKernels.AddDecimal(Nines, 5, 1, 0, 1, 38, 0, 0) },
        { "The product 999999999999999999999999999999999999990.00 does not fit in DECIMAL(38,1).", () => DecimalKernels.MultiplyDecimal(Nines, 1000, 1, 38, 1, 0) },
    };

    private static Int128 Nines => Int128.Parse("99999999999999999999999999999999999999", System.Globalization.CultureInfo.InvariantCulture);

    [Theory, MemberData(nameof(Faults))]
    public void The_message_names_what_was_computed(string message, Action fails) => Assert.Equal(message, Assert.Throws<KernelFault>(fails).Message);

    private static void SumOf(long a, long b)
    {
        var sum = default(SumInt64State);
        sum.Add(a, 0);
        sum.Add(b, 0);
        sum.Result(0);
    }
}
