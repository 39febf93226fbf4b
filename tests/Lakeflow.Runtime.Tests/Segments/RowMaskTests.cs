using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Tests.Segments;

public sealed class RowMaskTests
{
    [Fact]
    public void Rows_are_the_numbers_that_meet_the_conditions_ascending() => Prop.ForAll<int, byte>((seed, density) =>
    {
        var random = new Random(seed);
        var values = new int[random.Next(0, 700)];
        for (var i = 0; i < values.Length; i++) values[i] = random.Next(256);
        var mask = new RowMask();
        // Twice: what is left of a longer batch must not show.
        mask.Begin(values.Length + 100);
        _ = mask.Rows().Length;
        mask.Begin(values.Length);
        mask.Between<int>(values, 0, density);
        mask.Except<int>(values, 7);
        return mask.Rows().ToArray().SequenceEqual(Enumerable.Range(0, values.Length).Where(i => values[i] <= density && values[i] != 7));
    }).QuickCheckThrowOnFailure();
}
