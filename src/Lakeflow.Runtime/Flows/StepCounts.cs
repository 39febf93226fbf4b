using System.Collections.Immutable;

namespace Lakeflow.Runtime.Flows;

/// <summary>What one step read and wrote, and how its rules fared; committed with the step, so that the event log can be derived from it.</summary>
/// <param name="Read">Rows that came from the sources.</param>
/// <param name="Written">Rows added to the target.</param>
/// <param name="Dropped">Rows that at least one DROP rule rejected; each row once.</param>
/// <param name="Bytes">Bytes of the data files written.</param>
/// <param name="Expectations">One entry a rule, in the order of <see cref="FlowInfo.Expectations"/>.</param>
public sealed record StepCounts(long Read, long Written, long Dropped, long Bytes, ImmutableArray<RuleCounts> Expectations)
{
    public static readonly StepCounts None = new(0, 0, 0, 0, []);

    /// <summary>Malformed records that the sources left out (<c>mode => 'DROPMALFORMED'</c>); not in <see cref="Read"/>.</summary>
    public long Skipped { get; init; }

    /// <summary>Rows that came when the watermark had passed what they belong to, and were left out; a row in several windows once for each.</summary>
    public long Late { get; init; }

    /// <summary>Of an AUTO CDC flow: rows put into the target, new ones and new forms of old ones. <see cref="Written"/> is then 0.</summary>
    public long Upserted { get; init; }

    /// <summary>Of an AUTO CDC flow: rows taken away that have no new form.</summary>
    public long Deleted { get; init; }

    /// <summary>Of an AUTO CDC flow: files of the target and its state that could hold a row of the changed keys.</summary>
    public long SearchedFiles { get; init; }

    /// <summary>Bytes that were read of them.</summary>
    public long SearchedBytes { get; init; }

    /// <summary>Bytes that breakers wrote to files because they did not fit into memory.</summary>
    public long Spilled { get; init; }

    /// <summary>The counts of a pass.</summary>
    /// <param name="flow">The flow that ran.</param>
    /// <param name="counts">What it counted.</param>
    /// <param name="bytes">Bytes of the data files written.</param>
    /// <param name="keepSamples">False where rows must not leave the target (<c>lakeflow.samples</c> is off).</param>
    public static StepCounts Of(FlowInfo flow, FlowCounts counts, long bytes, bool keepSamples) => new(
        counts.Read, counts.Written, counts.Dropped, bytes,
        [.. flow.Expectations.Select((rule, i) => new RuleCounts(
            rule.Name, rule.Dataset.ToString(), rule.Action, counts.Passed(i), counts.Failed(i), keepSamples ? counts.Samples(i) : []))])
    {
        Skipped = counts.Skipped,
        Late = counts.Late,
        Upserted = counts.Upserted,
        Deleted = counts.Deleted,
        Spilled = counts.Spilled,
        SearchedFiles = counts.SearchedFiles,
        SearchedBytes = counts.SearchedBytes,
    };

    /// <summary>The sum of two steps; samples up to the usual number a rule.</summary>
    public StepCounts Plus(StepCounts other)
    {
        var rules = Expectations.ToBuilder();
        foreach (var rule in other.Expectations)
        {
            var at = rules.ToImmutable().IndexOf(rules.FirstOrDefault(r => r.Name == rule.Name && r.Dataset == rule.Dataset)!);
            if (at < 0) rules.Add(rule);
            else rules[at] = rules[at].Plus(rule);
        }

        return new(Read + other.Read, Written + other.Written, Dropped + other.Dropped, Bytes + other.Bytes, rules.ToImmutable())
        {
            Skipped = Skipped + other.Skipped,
            Late = Late + other.Late,
            Upserted = Upserted + other.Upserted,
            Deleted = Deleted + other.Deleted,
            Spilled = Spilled + other.Spilled,
            SearchedFiles = SearchedFiles + other.SearchedFiles,
            SearchedBytes = SearchedBytes + other.SearchedBytes,
        };
    }

    public bool Equals(StepCounts? other) => other is not null
        && (Read, Written, Dropped, Bytes, Skipped, Late, Upserted, Deleted, Spilled, SearchedFiles, SearchedBytes) == (other.Read, other.Written, other.Dropped, other.Bytes, other.Skipped, other.Late, other.Upserted, other.Deleted, other.Spilled, other.SearchedFiles, other.SearchedBytes)
        && Expectations.SequenceEqual(other.Expectations);

    public override int GetHashCode() => HashCode.Combine(Read, Written, Dropped, Bytes, Expectations.Length);
}

/// <summary>How one rule fared in one step.</summary>
/// <param name="Samples">Rows that broke it, at most <see cref="FlowCounts.SamplesPerRule"/>.</param>
public sealed record RuleCounts(
    string Name, string Dataset, ViolationAction Action, long Passed, long Failed, ImmutableArray<ViolationSample> Samples)
{
    public RuleCounts Plus(RuleCounts other) => this with
    {
        Passed = Passed + other.Passed,
        Failed = Failed + other.Failed,
        Samples = [.. Samples.Concat(other.Samples).Take(FlowCounts.SamplesPerRule)],
    };

    public bool Equals(RuleCounts? other) => other is not null
        && (Name, Dataset, Action, Passed, Failed) == (other.Name, other.Dataset, other.Action, other.Passed, other.Failed)
        && Samples.SequenceEqual(other.Samples);

    public override int GetHashCode() => HashCode.Combine(Name, Dataset, Action, Passed, Failed);
}
