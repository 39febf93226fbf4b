namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>What the tables must hold, told as naively as can be: all events of a key, sorted, one after another. Language specification §3.</summary>
internal static class ChangeModel
{
    public enum Patch
    {
        /// <summary>Every event tells the whole row.</summary>
        None,

        /// <summary>NULL means "not told", in fields of the struct too.</summary>
        Nulls,

        /// <summary>The same for column a alone.</summary>
        NullsOfA,

        /// <summary>An event sets the columns that it lists.</summary>
        Listed,
    }

    /// <summary>The values after an event, and the event.</summary>
    private sealed record After(ChangeEvent Event, string? A, int? B, int? X, string? Y)
    {
        public object?[] Row => [Event.Id, A, B, X is null && Y is null ? null : new object?[] { X, Y }];
    }

    /// <summary>SCD type 1.</summary>
    public static IEnumerable<object?[]> Latest(IEnumerable<ChangeEvent> events, Patch patch, bool truncates) => Latest(events, _ => patch, truncates);

    /// <summary>The same where each event says by itself what it leaves out: several flows fill the table.</summary>
    public static IEnumerable<object?[]> Latest(IEnumerable<ChangeEvent> events, Func<ChangeEvent, Patch> patch, bool truncates)
    {
        var all = events.DistinctBy(e => e.Seq).ToList();
        var floor = truncates ? all.Where(e => e.Op == "T").Select(e => e.Seq).DefaultIfEmpty(-1).Max() : -1;
        return Keys(all).Select(key => Replay(key.Where(e => e.Seq > floor), patch)).Where(life => life is [.., not null]).Select(life => life[^1]!.Row);
    }

    /// <summary>SCD type 2, with start and end behind the values.</summary>
    public static IEnumerable<object?[]> Versions(IEnumerable<ChangeEvent> events, Patch patch, bool tracksOnlyA, Func<int, object> sequence) => Versions(events, _ => patch, tracksOnlyA, sequence);

    /// <summary>The same where each event says by itself what it leaves out.</summary>
    public static IEnumerable<object?[]> Versions(IEnumerable<ChangeEvent> events, Func<ChangeEvent, Patch> patch, bool tracksOnlyA, Func<int, object> sequence)
    {
        foreach (var key in Keys(events.DistinctBy(e => e.Seq)))
        {
            var sorted = key.OrderBy(e => e.Seq).ToList();
            var states = Replay(sorted, patch);
            for (var i = 0; i < states.Count; i++)
            {
                if (states[i] is not { } first) continue;
                var last = first;
                var end = i + 1;
                while (end < states.Count && states[end] is { } next && Same(last, next)) (last, end) = (next, end + 1);
                yield return [.. last.Row, sequence(first.Event.Seq), end < states.Count ? sequence(sorted[end].Seq) : null];
                i = end - 1;
            }
        }

        bool Same(After one, After other) => one.A == other.A && (tracksOnlyA || (one.B, one.X, one.Y) == (other.B, other.X, other.Y));
    }

    private static IEnumerable<IGrouping<int?, ChangeEvent>> Keys(IEnumerable<ChangeEvent> events) => events.Where(e => e.Op != "T").GroupBy(e => e.Id);

    /// <summary>The row after each event in order; null after a delete.</summary>
    private static List<After?> Replay(IEnumerable<ChangeEvent> events, Func<ChangeEvent, Patch> patch)
    {
        var states = new List<After?>();
        After? now = null;
        foreach (var e in events.OrderBy(e => e.Seq))
        {
            now = e.Op == "D" ? null : new After(
                e,
                Tells("a", e.A is null) ? e.A : now?.A,
                Tells("b", e.B is null) ? e.B : now?.B,
                Tells("s", e.X is null) ? e.X : now?.X,
                Tells("s", e.Y is null) ? e.Y : now?.Y);
            states.Add(now);

            bool Tells(string column, bool isNull) => patch(e) switch
            {
                Patch.Nulls => !isNull,
                Patch.NullsOfA => column != "a" || !isNull,
                Patch.Listed => e.Listed.Contains(column),
                _ => true,
            };
        }

        return states;
    }
}
