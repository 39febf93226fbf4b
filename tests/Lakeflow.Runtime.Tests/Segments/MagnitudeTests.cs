using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Tests.Segments;

public sealed class MagnitudeTests
{
    [Fact]
    public void No_value_of_a_column_is_further_from_0_than_its_bound() => Prop.ForAll<long[], byte>((values, start) =>
    {
        if (values.Length == 0) return true;
        var from = start % values.Length;
        using var rows = Rows(values);
        using var slice = rows.Slice(from, values.Length - from);
        // The slice asks first, so the bound is found there for the whole column.
        var bound = Magnitude.Of<long>(slice, 0);
        return bound == Magnitude.Of<long>(rows, 0) && values.All(v => Math.Abs((double)v) <= bound)
            && bound <= Math.Max(1, values.Max(v => Math.Abs((double)v)) * 2);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_slice_is_read_after_the_column_that_it_is_of_was_given_up()
    {
        var rows = Rows([3, -70, 12]);
        using var slice = rows.Slice(2, 1);
        rows.Dispose();
        Assert.Equal(128, Magnitude.Of<long>(slice, 0));
    }

    private static RecordBatch Rows(long[] values) =>
        new(new Schema(new Field("v", DataType.Int64)), [new PrimitiveArray<long>(DataType.Int64, values.Length, ArrowBuffer.Copy<long>(values))], values.Length);
}
