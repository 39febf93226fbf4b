using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Joins of two streams: whatever the batches, the answer is the one over tables of the rows that were not late.</summary>
public sealed class JoinLawTests
{
    private const string Feed = """
        CREATE TEMPORARY VIEW feed AS SELECT s, id, k, v, timestamp_micros(minute * 60000000) AS at
        FROM STREAM read_files('/d/in', format => 'json', schema => 's STRING, id INT, k STRING, v INT, minute BIGINT');
        CREATE TEMPORARY VIEW l AS SELECT id, k, v, at FROM STREAM(feed) WHERE s = 'l';
        CREATE TEMPORARY VIEW r AS SELECT id, k, v, at, at + INTERVAL 15 MINUTES AS until FROM STREAM(feed) WHERE s = 'r';
        CREATE TEMPORARY VIEW seen AS SELECT id, k, v, at, at + INTERVAL 7 MINUTES AS seen FROM STREAM(l) WATERMARK at DELAY OF INTERVAL 10 MINUTES;

        """;

    private const string Left = "STREAM(l) WATERMARK at DELAY OF INTERVAL 10 MINUTES AS a";

    private const string Right = "STREAM(r) WATERMARK at DELAY OF INTERVAL 4 MINUTES AS b";

    private const string Near = "a.k = b.k AND b.at BETWEEN a.at - INTERVAL 5 MINUTES AND a.at + INTERVAL 20 MINUTES AND a.v <> b.v";

    private const string Windows = "(SELECT window(at, '20 minutes') AS w, * FROM";

    private static readonly string Sql = $"""
        CREATE STREAMING TABLE forever AS SELECT a.id, b.id AS other FROM STREAM(l) a, STREAM(r) b WHERE a.k = b.k AND a.v < b.v;
        CREATE STREAMING TABLE inners AS SELECT a.id, b.id AS other FROM {Left} JOIN {Right} ON {Near};
        CREATE STREAMING TABLE lefts AS SELECT a.id, b.id AS other FROM {Left} LEFT JOIN {Right} ON {Near};
        CREATE STREAMING TABLE rights AS SELECT a.id, b.id AS other FROM {Left} RIGHT JOIN {Right} ON {Near};
        CREATE STREAMING TABLE fulls AS SELECT a.id, b.id AS other FROM {Left} FULL JOIN {Right} ON {Near};
        CREATE STREAMING TABLE semis AS SELECT a.id, CAST(NULL AS INT) AS other FROM {Left} LEFT SEMI JOIN {Right} ON {Near};
        CREATE STREAMING TABLE before AS SELECT a.id, b.id AS other FROM {Left} LEFT JOIN {Right} ON a.k = b.k AND b.at > a.at - INTERVAL 30 MINUTES AND a.at >= b.at + INTERVAL 10 MINUTES;
        CREATE STREAMING TABLE until AS SELECT a.id, b.id AS other FROM {Left} RIGHT JOIN {Right} ON a.k = b.k AND a.at >= b.at AND a.at < b.until;
        CREATE STREAMING TABLE twice AS SELECT a.id, b.id AS other FROM STREAM(seen) WATERMARK seen DELAY OF INTERVAL 17 MINUTES AS a
        JOIN {Right} ON a.k = b.k AND a.at <= b.at + INTERVAL 5 MINUTES AND a.seen <= b.at + INTERVAL 30 MINUTES AND b.at <= a.at + INTERVAL 20 MINUTES;
        CREATE STREAMING TABLE counted AS {CountedLefts};
        CREATE STREAMING TABLE windows AS SELECT a.id, b.id AS other
        FROM {Windows} STREAM(l) WATERMARK at DELAY OF INTERVAL 10 MINUTES) a FULL JOIN {Windows} STREAM(r) WATERMARK at DELAY OF INTERVAL 4 MINUTES) b ON a.w = b.w AND a.k = b.k;
        """;

    private const string CountedLefts = $"""
        SELECT unix_micros(window.start) DIV 60000000 AS w, count(*) AS n, count(other) AS met, max(other) AS last
        FROM (SELECT a.at, b.id AS other FROM {Left} LEFT JOIN {Right} ON {Near}) GROUP BY window(at, '20 minutes')
        """;

    private const string Few = $"""
        CREATE STREAMING TABLE fulls AS SELECT a.id, b.id AS other FROM {Left} FULL JOIN {Right} ON {Near};
        CREATE STREAMING TABLE semis AS SELECT a.id FROM {Left} LEFT SEMI JOIN {Right} ON {Near};
        """;

    private static readonly Gen<Event> AnyEvent =
        from s in Gen.Elements("l", "r")
        from k in Gen.Frequency((1, Gen.Constant<string?>(null)), (6, Gen.Constant<string?>("a")), (6, Gen.Constant<string?>("b")))
        from v in Gen.Frequency((1, Gen.Constant<int?>(null)), (9, Gen.Choose(1, 4).Select(n => (int?)n)))
        from minute in Gen.Frequency((14, Gen.Choose(1, 120).Select(m => (int?)m)), (1, Gen.Constant<int?>(null)))
        select new Event(s, 0, k, v, minute);

    private static readonly Gen<Event[]> AnyEvents =
        from events in AnyEvent.ListOf()
        from inOrder in Gen.Elements(false, true)
        let drawn = events.Select((e, i) => e with { Id = i }).ToArray()
        select inOrder ? drawn.OrderBy(e => (e.Minute ?? 0) + (e.Id * 7 % 20)).ToArray() : drawn;

    private static readonly StreamLaw<Event> Law = new(Feed, e => e.ToJson());

    [Fact]
    public void The_answer_over_any_batches_is_that_over_the_rows_that_were_not_late() =>
        Law.HoldsForAnyBatches(Sql, StreamLaw<Event>.Batches(AnyEvents, 5), () => new AllModels(Models()), tests: 30, size: 45);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_store_call_of_a_step_the_next_update_ends_as_if_nothing_had_been(bool afterTheAct)
    {
        var late = Law.SurvivesDeath(
            Few,
            [new("l", 1, "a", 1, 5), new("l", 2, "a", 1, 40), new("r", 3, "a", 2, 42), new("l", 4, "b", 1, 44), new("r", 5, "b", 1, 45)],
            [new("l", 6, "a", 3, 22), new("r", 7, "b", 3, 46), new("l", 8, "a", 3, 100), new("r", 9, "c", null, 100)],
            ["fulls", "semis"], afterTheAct);
        Assert.Equal(2, late.Length);
    }

    private static Model[] Models()
    {
        static bool Near(Event a, Event b) => b.Minute >= a.Minute - 5 && b.Minute <= a.Minute + 20 && a.V is not null && b.V is not null && a.V != b.V;
        static int? Window(Event e) => e.Minute / 20 * 20;
        return
        [
            new("forever", false, false, (a, b) => a.V < b.V, null, null),
            new("inners", false, false, Near, a => a.Minute + 20, b => b.Minute + 5),
            new("lefts", true, false, Near, a => a.Minute + 20, b => b.Minute + 5),
            new("rights", false, true, Near, a => a.Minute + 20, b => b.Minute + 5),
            new("fulls", true, true, Near, a => a.Minute + 20, b => b.Minute + 5),
            new("semis", false, false, Near, a => a.Minute + 20, b => b.Minute + 5) { IsSemi = true },
            new("counted", true, false, Near, a => a.Minute + 20, b => b.Minute + 5) { IsCounted = true },
            new("before", true, false, (a, b) => b.Minute > a.Minute - 30 && a.Minute >= b.Minute + 10, a => a.Minute - 10, b => b.Minute + 30),
            new("until", false, true, (a, b) => a.Minute >= b.Minute && a.Minute < b.Minute + 15, a => a.Minute, b => b.Minute + 15),
            new("twice", false, false, (a, b) => a.Minute <= b.Minute + 5 && a.Minute + 7 <= b.Minute + 30 && b.Minute <= a.Minute + 20, a => a.Minute + 20, b => b.Minute + 5),
            new("windows", true, true, (a, b) => Window(a) == Window(b), a => Window(a) + 20, b => Window(b) + 20) { TimeOf = e => Window(e) + 20, DropsUntimed = true },
        ];
    }

    private sealed record Event(string S, int Id, string? K, int? V, int? Minute)
    {
        public string ToJson() => string.Create(CultureInfo.InvariantCulture,
            $"{{\"s\": \"{S}\", \"id\": {Id}, \"k\": {(K is null ? "null" : $"\"{K}\"")}, \"v\": {V?.ToString(CultureInfo.InvariantCulture) ?? "null"}, \"minute\": {Minute?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}");
    }

    private sealed class AllModels(Model[] models) : IStreamModel<Event>
    {
        public IEnumerable<(string Table, long Late)> Add(Event[] batch) => [.. models.Select(m => (m.Table, m.Add(batch)))];

        public IEnumerable<(string Table, IEnumerable<object?[]> Rows)> Answers() => models.Select(m => (m.Table, m.Answer()));
    }

    /// <summary>What a table must hold, by the definition of its join over the rows in time.</summary>
    /// <param name="Fits">The condition beside equal keys.</param>
    /// <param name="LeftDue">The time after which no right row can match; null: there is none.</param>
    private sealed record Model(string Table, bool KeepsLeft, bool KeepsRight, Func<Event, Event, bool> Fits, Func<Event, int?>? LeftDue, Func<Event, int?>? RightDue)
    {
        private readonly List<Event> lefts = [];
        private readonly List<Event> rights = [];
        private int leftMark;
        private int rightMark;

        public bool IsSemi { get; init; }

        /// <summary>True: its pairs are counted by windows of their left rows.</summary>
        public bool IsCounted { get; init; }

        public bool DropsUntimed { get; init; }

        /// <summary>The time that the watermark is compared with.</summary>
        public Func<Event, int?> TimeOf { get; init; } = e => e.Minute;

        private int Watermark => Math.Min(leftMark, rightMark);

        /// <summary>Takes a batch; gives the number of its late rows.</summary>
        public long Add(Event[] batch)
        {
            long late = 0;
            foreach (var e in batch.Where(e => e.Minute is not null || !DropsUntimed))
            {
                if ((e.S == "l" ? RightDue : LeftDue) is not null && TimeOf(e) <= Watermark) late++;
                else (e.S == "l" ? lefts : rights).Add(e);
            }

            leftMark = batch.Where(e => e.S == "l").Select(e => (e.Minute ?? 0) - 10).Append(leftMark).Max();
            rightMark = batch.Where(e => e.S == "r").Select(e => (e.Minute ?? 0) - 4).Append(rightMark).Max();
            return late;
        }

        public IEnumerable<object?[]> Answer()
        {
            var pairs = lefts.SelectMany(a => rights.Where(b => a.K is not null && a.K == b.K && Fits(a, b)).Select(b => (a, b))).ToList();
            if (IsSemi) return pairs.Select(p => p.a.Id).Distinct().Select(id => new object?[] { id, null });
            var answer = pairs.Select(p => new object?[] { p.a.Id, p.b.Id });
            if (IsCounted) return Counted(pairs);
            if (KeepsLeft) answer = answer.Concat(lefts.Except(pairs.Select(p => p.a)).Where(a => IsUp(a, LeftDue!)).Select(a => new object?[] { a.Id, null }));
            return KeepsRight ? answer.Concat(rights.Except(pairs.Select(p => p.b)).Where(b => IsUp(b, RightDue!)).Select(b => new object?[] { null, b.Id })) : answer;
        }

        /// <summary>A left row may wait for twenty minutes, and so do the windows.</summary>
        private IEnumerable<object?[]> Counted(List<(Event A, Event B)> pairs)
        {
            var rows = pairs.Select(p => (p.A.Minute, Other: (int?)p.B.Id)).Concat(lefts.Except(pairs.Select(p => p.A)).Where(a => IsUp(a, LeftDue!)).Select(a => (a.Minute, Other: (int?)null)));
            return rows.Where(r => r.Minute is not null).GroupBy(r => r.Minute / 20 * 20).Where(w => w.Key + 20 + 20 <= Watermark)
                .Select(w => new object?[] { w.Key, w.Count(), w.Count(r => r.Other is not null), w.Max(r => r.Other) });
        }

        private bool IsUp(Event e, Func<Event, int?> due) => e.K is null || due(e) is not { } up || up <= Watermark;
    }
}
