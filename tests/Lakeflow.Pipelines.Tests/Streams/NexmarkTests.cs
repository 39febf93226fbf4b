using Lakeflow.Benchmarks.Data;
using Lakeflow.Pipelines.Tests.Cdc;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>The queries of Nexmark, fed in batches and somewhat out of order, against their definitions over all events.</summary>
public sealed class NexmarkTests : IDisposable
{
    private const int Events = 6000;
    private const int PerSecond = 100;
    private const long Second = 1_000_000;

    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Each_query_gives_the_answer_over_all_events()
    {
        rig.Write("lakeflow.yml", "name: nexmark\nlibraries:\n  - '*.lfsql'\nmounts:\n  /nexmark: ./in\n");
        rig.Sql(File.ReadAllText(Path.Combine(Root(), "benchmarks/Lakeflow.Benchmarks/Data/nexmark.lfsql")));
        var random = new Random(12);
        var events = Enumerable.Range(0, Events).Select(n => NexmarkEvents.At(n, PerSecond)).OrderBy(e => e.Time + random.NextInt64(3 * Second)).ToArray();
        var batches = events.Chunk(Events / 7).ToArray();
        var arrivals = new Dictionary<NexmarkBid, long>(ReferenceEqualityComparer.Instance);
        for (var b = 0; b < batches.Length; b++)
        {
            var arrival = NexmarkEvents.Begin + (b * 7 * Second);
            foreach (var bid in batches[b].OfType<NexmarkBid>()) arrivals[bid] = arrival;
            Deliver(b, batches[b], arrival);
            rig.Run();
        }

        // Something much later, on each stream, ends every window.
        var late = NexmarkEvents.TimeOf(Events, PerSecond) + (3600 * Second);
        Deliver(batches.Length, [new NexmarkPerson(late, -1, "", "", ""), new NexmarkAuction(late, -1, -2, 0, late, 0), new NexmarkBid(late, -3, -1, 0, "")], late);
        var result = rig.Run();
        foreach (var flow in result.Flows) Assert.Equal((flow.Flow.Name, 0L), (flow.Flow.Name, flow.Counts.Late));

        var people = events.OfType<NexmarkPerson>().ToArray();
        var auctions = events.OfType<NexmarkAuction>().ToArray();
        var bids = events.OfType<NexmarkBid>().ToArray();
        var all = bids.Append(new NexmarkBid(late, -3, -1, 0, "")).ToArray();
        Check("q0", all.Select(b => new object?[] { b.Auction, b.Bidder, b.Price, b.Time, b.Extra }));
        Check("q1", all.Select(b => new object?[] { b.Auction, b.Bidder, (Int128)b.Price * 908, b.Time, b.Extra }));
        Check("q2", all.Where(b => b.Auction % 123 == 0).Select(b => new object?[] { b.Auction, b.Price }));
        Check("q3", auctions.Where(a => a.Category == 10).SelectMany(a => people.Where(p => p.Id == a.Seller && p.State is ("OR" or "ID" or "CA"))
            .Select(p => new object?[] { p.Name, p.City, p.State, a.Id })));
        var ends = auctions.Select(a => (a.Category, Bids: bids.Where(b => b.Auction == a.Id && b.Time >= a.Time && b.Time <= a.Expires).ToArray())).Where(a => a.Bids.Length > 0);
        Check("q4", ends.GroupBy(a => a.Category).Select(g => new object?[] { g.Key, g.Average(a => (double)a.Bids.Max(b => b.Price)) }));
        var counts = bids.SelectMany(b => Enumerable.Range(0, 5).Select(k => (Begun: (b.Time / (2 * Second) * 2 * Second) - (k * 2 * Second), b.Auction))).GroupBy(c => c).GroupBy(g => g.Key.Begun);
        Check("q5", counts.SelectMany(w => w.Where(g => g.Count() == w.Max(x => x.Count())).Select(g => new object?[] { g.Key.Begun, g.Key.Auction, g.Count() })));
        Check("q7", bids.GroupBy(b => b.Time / (10 * Second)).SelectMany(w => w.Where(b => b.Price == w.Max(x => x.Price))).Select(b => new object?[] { b.Auction, b.Bidder, b.Price, b.Time }));
        Check("q8", people.Where(p => auctions.Any(a => a.Seller == p.Id && a.Time / (10 * Second) == p.Time / (10 * Second))).Select(p => new object?[] { p.Id, p.Name, p.Time / (10 * Second) * 10 * Second }));
        Check("q11", bids.GroupBy(b => b.Bidder).SelectMany(g => Sessions([.. g.Select(b => b.Time).Order()]).Select(s => new object?[] { g.Key, s.Count, s.Start, s.End })));
        Check("q12", bids.GroupBy(b => (b.Bidder, Begun: arrivals[b] / (10 * Second) * 10 * Second)).Select(g => new object?[] { g.Key.Bidder, g.Key.Begun, g.Count() }));
    }

    private void Check(string table, IEnumerable<object?[]> expected)
    {
        var text = ChangeBench.Text(expected);
        Assert.NotEqual("", text);
        Assert.Equal(table + "\n" + text, table + "\n" + ChangeBench.Text(ChangeBench.RowsOf(rig.Table(table))));
    }

    private static IEnumerable<(int Count, long Start, long End)> Sessions(long[] times)
    {
        for (var first = 0; first < times.Length;)
        {
            var next = first + 1;
            while (next < times.Length && times[next] <= times[next - 1] + (10 * Second)) next++;
            yield return (next - first, times[first], times[next - 1] + (10 * Second));
            first = next;
        }
    }

    private void Deliver(int batch, IReadOnlyCollection<NexmarkEvent> events, long arrival)
    {
        Deliver<NexmarkPerson>("people");
        Deliver<NexmarkAuction>("auctions");
        Deliver<NexmarkBid>("bids");

        void Deliver<T>(string folder)
            where T : NexmarkEvent
        {
            var path = $"in/{folder}/{batch}.json";
            rig.Write(path, string.Concat(events.OfType<T>().Select(e => e.ToJson() + "\n")));
            File.SetLastWriteTimeUtc(Path.Combine(rig.Folder, path), DateTime.UnixEpoch.AddMicroseconds(arrival));
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lakeflow.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
