namespace Lakeflow.Compiler.Tests.Binding;

/// <summary>What may not stand over a stream: each refused where it stands, with what to write instead.</summary>
public class StreamRefusalTests
{
    private const string Marked = "STREAM(orders) WATERMARK at DELAY OF INTERVAL 5 MINUTES";

    [Theory]
    [InlineData("LF3015 at 2:17", "MATERIALIZED VIEW without STREAM", "SELECT country, count(*) AS n FROM STREAM(orders) GROUP BY country")]
    [InlineData("LF3015 at 2:8", "group by time", "SELECT max(amount) AS m FROM " + Marked)]
    [InlineData("LF3015 at 2:35", "WATERMARK at DELAY OF", "SELECT window(at, '1 hour') AS w, count(*) AS n FROM STREAM(orders) GROUP BY w")]
    [InlineData("LF3015 at 2:28", "WATERMARK at DELAY OF", "SELECT session_window.end, count(*) AS n FROM STREAM(orders) GROUP BY session_window(at, '1 hour')")]
    [InlineData("LF3015 at 2:51", "GROUP BY window", "SELECT window(at + INTERVAL 1 DAY, '1 day') AS w, count(*) AS n FROM " + Marked + " GROUP BY w")]
    [InlineData("LF3034 at 2:11", "streaming table of its own", "SELECT n, count(*) AS c FROM (SELECT count(*) AS n FROM (SELECT window(at, '1 hour') AS w FROM " + Marked + ") GROUP BY w) GROUP BY n")]
    [InlineData("LF3034 at 2:33", "window_time(w)", "SELECT window(t, '1 day') AS d, count(*) AS c FROM (SELECT w.end AS t, count(*) AS n FROM (SELECT window(at, '1 hour') AS w FROM " + Marked + ") GROUP BY w) GROUP BY d")]
    [InlineData("LF3034 at 2:36", "streaming table of its own", "SELECT window(a.at, '1 day') AS w, count(*) AS n FROM " + Marked + " a JOIN STREAM(orders) b ON a.id = b.id GROUP BY w")]
    [InlineData("LF3016 at 2:57", "AUTO CDC", "SELECT id FROM STREAM(orders) QUALIFY row_number() OVER (PARTITION BY id ORDER BY at) = 1")]
    [InlineData("LF3016 at 2:31", "where the table is read", "SELECT id FROM STREAM(orders) ORDER BY id")]
    [InlineData("LF3016 at 2:37", "when the table is read", "SELECT id FROM STREAM(orders) LIMIT 3")]
    [InlineData("LF3016 at 2:38", "when the table is read", "SELECT id FROM STREAM(orders) OFFSET 3")]
    [InlineData("LF3016 at 2:1", "MATERIALIZED VIEW without STREAM", "SELECT id FROM STREAM(orders) INTERSECT SELECT id FROM STREAM(customers)")]
    [InlineData("LF3016 at 2:1", "MATERIALIZED VIEW without STREAM", "SELECT id FROM STREAM(orders) EXCEPT SELECT id FROM STREAM(customers)")]
    [InlineData("LF3016 at 2:1", "MATERIALIZED VIEW without STREAM", "SELECT id FROM STREAM(orders) EXCEPT ALL SELECT id FROM STREAM(customers)")]
    [InlineData("LF3016 at 2:41", "flow of its own", "SELECT id FROM STREAM(orders) UNION ALL SELECT id FROM customers")]
    [InlineData("LF3016 at 2:18", "left of LEFT JOIN", "SELECT c.id FROM STREAM(orders) o RIGHT JOIN customers c ON o.customer_id = c.id")]
    [InlineData("LF3016 at 2:18", "left of LEFT JOIN", "SELECT c.id FROM customers c LEFT JOIN STREAM(orders) o ON o.customer_id = c.id")]
    [InlineData("LF3016 at 2:18", "left of LEFT JOIN", "SELECT c.id FROM STREAM(orders) o FULL JOIN customers c ON o.customer_id = c.id")]
    [InlineData("LF3016 at 2:18", "left of LEFT JOIN", "SELECT c.id FROM customers c LEFT ANTI JOIN STREAM(orders) o ON o.customer_id = c.id")]
    [InlineData("LF3016 at 2:68", "Leave out STREAM", "SELECT id FROM STREAM(orders) WHERE customer_id IN (SELECT id FROM STREAM(customers))")]
    [InlineData("LF3035 at 2:18", "ON a.id = b.id", "SELECT o.id FROM STREAM(orders) o CROSS JOIN STREAM(customers) c")]
    [InlineData("LF3035 at 2:63", "ON a.id = b.id", "SELECT o.id FROM STREAM(orders) o JOIN STREAM(customers) c ON o.id < c.id")]
    [InlineData("LF3036 at 2:45", "WATERMARK at DELAY OF", "SELECT o.id FROM STREAM(orders) o LEFT JOIN STREAM(customers) c ON o.customer_id = c.id")]
    [InlineData("LF3036 at 2:18", "WATERMARK at DELAY OF", "SELECT o.id FROM STREAM(orders) o RIGHT JOIN STREAM(customers) c ON o.customer_id = c.id")]
    [InlineData("LF3036 at 2:50", "WATERMARK at DELAY OF", "SELECT o.id FROM STREAM(orders) o LEFT SEMI JOIN STREAM(customers) c ON o.customer_id = c.id")]
    [InlineData("LF3037 at 2:106", "r.at <= l.at + INTERVAL 1 HOUR", "SELECT o.id FROM STREAM(orders) o LEFT JOIN " + Marked + " c ON o.id = c.id AND c.at > o.at")]
    [InlineData("LF3038 at 2:18", "LEFT JOIN … WHERE r.id IS NULL", "SELECT o.id FROM STREAM(orders) o LEFT ANTI JOIN STREAM(customers) c ON o.customer_id = c.id")]
    [InlineData("LF2005 at 2:19", "months have no one length", "SELECT window(at, '1 month') AS w, count(*) AS n FROM " + Marked + " GROUP BY w")]
    [InlineData("LF2005 at 2:41", "to_timestamp", "SELECT id FROM STREAM(orders) WATERMARK id DELAY OF INTERVAL 5 MINUTES")]
    [InlineData("LF2005 at 2:53", "not less than nothing", "SELECT id FROM STREAM(orders) WATERMARK at DELAY OF INTERVAL -5 MINUTES")]
    public void It_is_refused_where_it_stands_with_what_to_write_instead(string expected, string hint, string query)
    {
        var result = Compiled.Pipeline("CREATE STREAMING TABLE t AS\n" + query + ";");
        Assert.True(expected == Compiled.Problems(result), Compiled.Messages(result));
        Assert.Contains(hint, Compiled.Messages(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LF3036 at 3:18", "SELECT o.id FROM STREAM(seen) o LEFT JOIN STREAM(seen) c ON o.id = c.id")]
    [InlineData("LF3016 at 3:37", "SELECT id FROM STREAM(orders) WHERE id IN (SELECT id FROM STREAM(seen))")]
    public void It_is_refused_where_it_is_asked_for_and_not_in_the_view_that_it_reads(string expected, string query)
    {
        const string View = "CREATE TEMPORARY VIEW seen AS SELECT id, at FROM STREAM(orders);\n";
        var result = Compiled.Pipeline(View + "CREATE STREAMING TABLE t AS\n" + query + ";");
        Assert.True(expected == Compiled.Problems(result), Compiled.Messages(result));
        var direct = Compiled.Pipeline(View + "CREATE MATERIALIZED VIEW m AS\nSELECT id FROM STREAM(orders);");
        Assert.Equal("LF3005 at 3:16", Compiled.Problems(direct));
        var through = Compiled.Pipeline(View + "CREATE MATERIALIZED VIEW m AS\nSELECT id FROM STREAM(seen);");
        Assert.StartsWith("LF3005 at 2:", Compiled.Problems(through), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT DISTINCT id FROM STREAM(orders)")]
    [InlineData("SELECT id FROM STREAM(orders) UNION SELECT id FROM STREAM(customers)")]
    [InlineData("SELECT w.end, count(*) AS n FROM (SELECT window(at, '1 hour') AS w FROM (SELECT DISTINCT at, id FROM " + Marked + ")) GROUP BY w")]
    [InlineData("SELECT window(t, '1 day') AS d, sum(n) AS n FROM (SELECT window_time(w) AS t, count(*) AS n FROM (SELECT window(at, '1 hour') AS w FROM " + Marked + ") GROUP BY w) GROUP BY d")]
    [InlineData("SELECT window(w, '1 day') AS d, sum(n) AS n FROM (SELECT w, count(*) AS n FROM (SELECT window(at, '1 hour') AS w FROM " + Marked + ") GROUP BY w) GROUP BY d")]
    [InlineData("SELECT window(a.at, '1 day') AS w, count(*) AS n FROM " + Marked + " a JOIN STREAM(orders) WATERMARK at DELAY OF INTERVAL 1 HOUR b ON a.id = b.id AND b.at <= a.at + INTERVAL 1 HOUR GROUP BY w")]
    [InlineData("SELECT o.id FROM STREAM(orders) o, STREAM(customers) c WHERE o.customer_id = c.id")]
    [InlineData("SELECT o.id FROM STREAM(orders) o LEFT ANTI JOIN customers c ON o.customer_id = c.id")]
    [InlineData("SELECT id FROM STREAM(orders) EXCEPT SELECT id FROM customers")]
    [InlineData("SELECT o.id FROM STREAM(orders) o LEFT SEMI JOIN " + Marked + " c ON o.id = c.id AND c.at <= o.at")]
    public void And_these_may_stand(string query)
    {
        var result = Compiled.Pipeline("CREATE STREAMING TABLE t AS\n" + query + ";");
        Assert.Equal("", Compiled.Problems(result));
    }
}
