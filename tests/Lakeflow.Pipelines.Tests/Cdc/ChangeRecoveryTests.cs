using Lakeflow.Pipelines.Tests.Robustness;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Cdc;

public sealed class ChangeRecoveryTests
{
    private static readonly string[] Tables = ["latest", "patched", "versions"];

    private static readonly string Sql = $"""
        {ChangeBench.Flow("latest", "events", "", "SEQUENCE BY seq", "STORED AS SCD TYPE 1")}
        {ChangeBench.Flow("patched", "feed", "IGNORE NULL UPDATES APPLY AS TRUNCATE WHEN op = 'T'", "SEQUENCE BY seq", "")}
        {ChangeBench.Flow("versions", "events", "", "SEQUENCE BY STRUCT(major, minor)", "STORED AS SCD TYPE 2")}
        """;

    private static readonly ChangeEvent[] First =
        [Event(1, 10, "p"), Event(2, 20, "q"), Event(3, 30, null), Event(2, 40, "r"), Event(4, 55, "D")];

    private static readonly ChangeEvent[] Second =
        [Event(1, 15, "late"), Event(2, 50, "D"), Event(4, 52, "too late"), Event(5, 60, "new"), Event(null, 12, "T"), Event(2, 40, "r")];

    [Fact]
    public void A_full_refresh_starts_the_history_anew()
    {
        using var bench = new ChangeBench(Sql);
        var lake = new MemoryLake();
        bench.Deliver(First);
        bench.RunWhole(lake);
        bench.Deliver(Second);
        bench.RunWhole(lake);
        var once = All(lake);

        Assert.Equal(UpdateState.Completed, bench.Run(lake, fullRefresh: true).State);
        Assert.Equal(once, All(lake));

        bench.Clear();
        bench.Deliver([Event(9, 1, "alone")]);
        Assert.Equal(UpdateState.Completed, bench.Run(lake, fullRefresh: true).State);
        Assert.Equal("[9, alone, 1, NULL]", ChangeBench.Rows(lake, "latest"));
    }

    [Fact]
    public void Two_runs_at_once_never_double_a_row()
    {
        using var bench = new ChangeBench(Sql);
        var alone = new MemoryLake();
        bench.Deliver([]);
        bench.RunWhole(alone);
        var raced = alone.Copy();
        bench.Deliver(First);
        bench.Deliver(Second);
        bench.RunWhole(alone);

        UpdateResult[] results = new UpdateResult[2];
        Parallel.For(0, 2, i => results[i] = bench.Run(raced));

        foreach (var flow in results.SelectMany(r => r.Flows))
        {
            Assert.True(flow.State is FlowState.Completed or FlowState.Idle || flow.Error?.Code is "LF5051" or "LF6070", $"{flow.Flow.Name} {flow.State} {flow.Error?.Message ?? flow.Unexpected?.ToString()}");
        }

        bench.RunWhole(raced);
        Assert.Equal(All(alone), All(raced));
    }

    private static ChangeEvent Event(int? id, int seq, string? a) =>
        new(id, seq, a is "D" or "T" ? a : "U", a is "D" or "T" ? null : a, 1, null, null, []);

    private static string All(MemoryLake lake) => string.Join("\n--\n", Tables.Select(t => ChangeBench.Rows(lake, t)));
}
