using Lakeflow.Arrow;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Texts that come as dictionaries: computed once per distinct value, and grouped by code. The answer is that of plain texts.</summary>
public class DictionaryTests
{
    private static readonly Schema Events = new(new Field("id", DataType.Int64), new Field("kind", DataType.String), new Field("place", DataType.String));

    private static readonly object?[][] Rows =
        [.. Enumerable.Range(0, 50).Select(i => new object?[] { (long)i, i % 7 == 0 ? null : $" k{i % 3} ", i % 5 == 0 ? null : new string('p', i % 4) })];

    [Fact]
    public void A_text_function_per_distinct_value()
    {
        var plan = Sql.Plan("SELECT id, upper(trim(kind)) AS kind, length(kind) AS n FROM events WHERE kind LIKE '%k1%' OR trim(kind) = 'k2'", tables: ("events", Events));
        Running.Gives(plan, [Rows], Rows.Where(r => r[1] is " k1 " or " k2 ").Select(r => new object?[] { r[0], ((string)r[1]!).Trim().ToUpperInvariant(), 4 }));
    }

    [Fact]
    public void Groups_by_codes()
    {
        var plan = Sql.Plan("SELECT kind, place, count(*) AS n, sum(id) AS total FROM events GROUP BY kind, place", tables: ("events", Events));
        Running.Gives(plan, [Rows], Rows.GroupBy(r => (r[1], r[2])).Select(g => new object?[] { g.Key.Item1, g.Key.Item2, (long)g.Count(), g.Sum(r => (long)r[0]!) }));
    }

    [Fact]
    public void Groups_by_a_computed_text()
    {
        var plan = Sql.Plan("SELECT upper(trim(kind)) AS k, count(DISTINCT place) AS n, max(id) AS last FROM events GROUP BY upper(trim(kind))", tables: ("events", Events));
        Running.Gives(plan, [Rows], Rows.GroupBy(r => ((string?)r[1])?.Trim().ToUpperInvariant()).Select(g => new object?[] { g.Key, (long)g.Select(r => r[2]).Where(p => p is not null).Distinct().Count(), g.Max(r => (long)r[0]!) }));
    }
}
