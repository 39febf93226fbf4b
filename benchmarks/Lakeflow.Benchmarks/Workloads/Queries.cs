namespace Lakeflow.Benchmarks.Workloads;

/// <summary>TPC-H queries 1, 3 and 6, and GROUP BY with many keys.</summary>
internal static class Queries
{
    private const string Q1 = """
        SELECT l_returnflag, l_linestatus, sum(l_quantity) AS sum_qty, sum(l_extendedprice) AS sum_base_price,
               sum(l_extendedprice * (1 - l_discount)) AS sum_disc_price, sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS sum_charge,
               avg(l_quantity) AS avg_qty, avg(l_extendedprice) AS avg_price, avg(l_discount) AS avg_disc, count(*) AS count_order
        FROM {lineitem} WHERE l_shipdate <= DATE '1998-09-02' GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus
        """;

    private const string Q6 = """
        SELECT sum(l_extendedprice * l_discount) AS revenue FROM {lineitem}
        WHERE l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24
        """;

    private const string Q3 = """
        SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate, o_shippriority
        FROM customer, orders, lineitem
        WHERE c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate < DATE '1995-03-15' AND l_shipdate > DATE '1995-03-15'
        GROUP BY l_orderkey, o_orderdate, o_shippriority ORDER BY revenue DESC, o_orderdate LIMIT 10
        """;

    public static IEnumerable<Workload> All(Laboratory lab)
    {
        yield return new("TPC-H Q6, in memory", 0.25, threads => InMemory(lab, threads, Q6)) { Rounds = 11 };
        yield return new("TPC-H Q1, in memory", 0.12, threads => InMemory(lab, threads, Q1)) { Rounds = 11 };
        yield return new("TPC-H Q3, in memory", 0.50, threads => lab.Query(threads, Q3, Q3, "customer", "orders", "lineitem")) { Rounds = 7 };
        yield return new("TPC-H Q6, Snappy Parquet", 0.60, threads => FromParquet(lab, threads, Q6)) { Rounds = 7 };
        yield return new("TPC-H Q1, Snappy Parquet", 0.40, threads => FromParquet(lab, threads, Q1)) { Rounds = 7 };
        yield return new("GROUP BY 10k keys", 0.50, threads => Groups(lab, threads, "l_suppkey")) { Rounds = 7 };
        yield return new("GROUP BY 200k keys", 0.50, threads => Groups(lab, threads, "l_partkey")) { Rounds = 7 };
    }

    private static Sides InMemory(Laboratory lab, int threads, string sql)
    {
        var text = sql.Replace("{lineitem}", "lineitem", StringComparison.Ordinal);
        return lab.Query(threads, text, text, "lineitem");
    }

    private static Sides FromParquet(Laboratory lab, int threads, string sql)
    {
        var path = lab.Data.Parquet("lineitem");
        return lab.Query(
            threads,
            sql.Replace("{lineitem}", $"read_files('{path}', format => 'parquet')", StringComparison.Ordinal),
            sql.Replace("{lineitem}", $"'{path}'", StringComparison.Ordinal));
    }

    /// <summary>All groups are made on both sides; a condition on them keeps the printing of rows out of the figure.</summary>
    private static Sides Groups(Laboratory lab, int threads, string key)
    {
        var sql = $"SELECT count(*) AS n, sum(total) AS total FROM (SELECT {key}, count(*) AS n, sum(l_quantity) AS total FROM lineitem GROUP BY {key}) g WHERE n > 0";
        return lab.Query(threads, sql, sql, "lineitem");
    }
}
