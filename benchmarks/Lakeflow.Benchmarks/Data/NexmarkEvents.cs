using System.Globalization;

namespace Lakeflow.Benchmarks.Data;

/// <summary>The events of the Nexmark benchmark: people open auctions, and bid. Of 50 events the first is a person, three are auctions, the rest bids.</summary>
/// <remarks>
/// Ids, hot keys, prices, lifetimes and proportions are those of Apache Beam's generator with its default configuration; the random numbers
/// are our own, drawn from the event's number, so that event n is the same wherever one starts.
/// Source: Apache Beam, sdks/java/testing/nexmark, GeneratorConfig and the generators of its model.
/// </remarks>
public static class NexmarkEvents
{
    /// <summary>2015-07-15, where Beam's events begin, microseconds.</summary>
    public const long Begin = 1_436_918_400_000_000;

    private const int PerEpoch = 50;
    private const int AuctionsPerEpoch = 3;
    private const int FirstId = 1000;
    private const int FirstCategory = 10;
    private const int Categories = 5;
    private const int Lead = 10;
    private const int ActivePeople = 1000;
    private const int AuctionsInFlight = 100;
    private const int HotRatio = 100;

    private static readonly string[] States = ["AZ", "CA", "ID", "OR", "WA", "WY"];
    private static readonly string[] Cities = ["Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"];
    private static readonly string[] FirstNames = ["Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"];
    private static readonly string[] LastNames = ["Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"];

    /// <summary>Event number <paramref name="n"/>.</summary>
    /// <param name="n">From 0.</param>
    /// <param name="perSecond">Events a second of event time.</param>
    public static NexmarkEvent At(long n, int perSecond)
    {
        var random = new Draws(n);
        var at = TimeOf(n, perSecond);
        return (n % PerEpoch) switch
        {
            0 => new NexmarkPerson(at, LastPerson(n) + FirstId, $"{random.Of(FirstNames)} {random.Of(LastNames)}", random.Of(Cities), random.Of(States)),
            <= AuctionsPerEpoch => Auction(n, at, perSecond, random),
            _ => Bid(n, at, random),
        };
    }

    /// <summary>When event number <paramref name="n"/> happens, microseconds UTC.</summary>
    public static long TimeOf(long n, int perSecond) => Begin + (n * 1_000_000 / perSecond);

    private static NexmarkAuction Auction(long n, long at, int perSecond, Draws random)
    {
        // Three in four are sold by one of the last hot sellers.
        var seller = random.Below(4) > 0 ? LastPerson(n) / HotRatio * HotRatio : AnyPerson(n, random);
        var horizon = (TimeOf(n + (AuctionsInFlight * PerEpoch / AuctionsPerEpoch), perSecond) - at) / 1000;
        var length = 1 + random.Below(Math.Max(horizon * 2, 1));
        return new NexmarkAuction(at, LastAuction(n) + FirstId, seller + FirstId, FirstCategory + (int)random.Below(Categories), at + (length * 1000), Price(random));
    }

    private static NexmarkBid Bid(long n, long at, Draws random)
    {
        var last = LastAuction(n);
        var least = Math.Max(last - AuctionsInFlight, 0);
        var auction = random.Below(2) > 0 ? last / HotRatio * HotRatio : least + random.Below(last - least + 1 + Lead);
        var bidder = random.Below(4) > 0 ? (LastPerson(n) / HotRatio * HotRatio) + 1 : AnyPerson(n, random);
        return new NexmarkBid(at, auction + FirstId, bidder + FirstId, Price(random), random.Letters(54 + (int)random.Below(27)));
    }

    private static long LastPerson(long n) => n / PerEpoch;

    private static long LastAuction(long n)
    {
        var offset = (n % PerEpoch) - 1;
        return offset < 0 ? Math.Max(0, ((n / PerEpoch) * AuctionsPerEpoch) - 1) : ((n / PerEpoch) * AuctionsPerEpoch) + Math.Min(offset, AuctionsPerEpoch - 1);
    }

    private static long AnyPerson(long n, Draws random)
    {
        var people = LastPerson(n) + 1;
        var active = Math.Min(people, ActivePeople);
        return people - active + random.Below(active + Lead);
    }

    private static long Price(Draws random) => (long)Math.Round(Math.Pow(10, random.Fraction() * 6) * 100);

    /// <summary>The random numbers of one event: a Weyl sequence, mixed.</summary>
    private sealed class Draws(long seed)
    {
        private ulong state = (ulong)seed * 0xD1342543DE82EF95;

        public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

        public long Below(long limit) => (long)(Next() % (ulong)limit);

        public string Of(string[] words) => words[Below(words.Length)];

        public string Letters(int count) => string.Create(count, this, (to, draws) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = (char)('a' + draws.Below(26));
        });

        private ulong Next()
        {
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>Something that happened.</summary>
/// <param name="Time">Microseconds since 1970-01-01 UTC.</param>
public abstract record NexmarkEvent(long Time)
{
    protected string At => Stamp(Time);

    protected static string Stamp(long time) => DateTime.UnixEpoch.AddMicroseconds(time).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    public abstract string ToJson();
}

public sealed record NexmarkPerson(long Time, long Id, string Name, string City, string State) : NexmarkEvent(Time)
{
    public override string ToJson() => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{Id}},"name":"{{Name}}","city":"{{City}}","state":"{{State}}","at":"{{At}}"}""");
}

public sealed record NexmarkAuction(long Time, long Id, long Seller, int Category, long Expires, long Initial) : NexmarkEvent(Time)
{
    public override string ToJson() => string.Create(
        CultureInfo.InvariantCulture, $$"""{"id":{{Id}},"seller":{{Seller}},"category":{{Category}},"initial":{{Initial}},"expires":"{{Stamp(Expires)}}","at":"{{At}}"}""");
}

public sealed record NexmarkBid(long Time, long Auction, long Bidder, long Price, string Extra) : NexmarkEvent(Time)
{
    public override string ToJson() => string.Create(CultureInfo.InvariantCulture, $$"""{"auction":{{Auction}},"bidder":{{Bidder}},"price":{{Price}},"at":"{{At}}","extra":"{{Extra}}"}""");
}
