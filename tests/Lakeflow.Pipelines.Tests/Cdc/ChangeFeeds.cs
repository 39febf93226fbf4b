using FsCheck;
using FsCheck.Fluent;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>Random feeds of changes.</summary>
internal static class ChangeFeeds
{
    public static readonly Gen<ChangeEvent> AnyEvent =
        from id in Gen.Choose(1, 4)
        from op in Gen.Frequency((8, Gen.Constant("U")), (2, Gen.Constant("D")), (1, Gen.Constant("T")))
        from a in Gen.Elements(null, "p", "q")
        from b in Gen.Elements<int?>(null, 1, 2)
        from x in Gen.Elements<int?>(null, 7)
        from y in Gen.Elements(null, "v", "w")
        from listed in Gen.SubListOf("a", "b", "s", "nothing")
        select new ChangeEvent(op == "T" ? null : id, 0, op, a, b, x, y, [.. listed]);

    /// <summary>Events numbered in their order, then shuffled, with some of them a second time, and cut into files.</summary>
    public static readonly Gen<ChangeEvent[][]> Any =
        from events in AnyEvent.ListOf()
        let numbered = events.Select((e, i) => e with { Seq = i + 1 }).ToArray()
        from feed in Cut(numbered)
        select feed;

    /// <summary>Without truncates, and up to three events of a key may have one sequence.</summary>
    public static readonly Gen<ChangeEvent[][]> WithTies =
        from events in AnyEvent.ListOf()
        let numbered = events.Where(e => e.Op != "T").Select((e, i) => e with { Seq = (i / 3) + 1 }).ToArray()
        from feed in Cut(numbered)
        select feed;

    /// <summary>Start and end are the last two columns.</summary>
    public static void NeverOverlap(IEnumerable<object?[]> versions)
    {
        foreach (var key in versions.GroupBy(v => v[0]))
        {
            var sorted = key.OrderBy(v => (int)v[^2]!).ToList();
            Assert.All(sorted, v => Assert.True(v[^1] is null || (int)v[^2]! < (int)v[^1]!));
            Assert.All(sorted.Zip(sorted.Skip(1)), p => Assert.True(p.First[^1] is int end && end <= (int)p.Second[^2]!));
        }
    }

    private static Gen<ChangeEvent[][]> Cut(ChangeEvent[] events) =>
        from again in Gen.SubListOf(events)
        from shuffled in Gen.Shuffle(events.Concat(again))
        from cuts in Gen.Choose(0, Math.Max(0, shuffled.Length)).ListOf(3)
        let edges = cuts.Append(0).Append(shuffled.Length).Order().ToArray()
        select edges.Zip(edges.Skip(1)).Select(e => shuffled[e.First..e.Second]).ToArray();
}
