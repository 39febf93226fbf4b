using Lakeflow.DuckDb;

namespace Lakeflow.Benchmarks.Data;

/// <summary>The benchmark's data, made once by DuckDB from hashes of row numbers: the same bytes of meaning on every machine.</summary>
/// <remarks>TPC-H-shaped lineitem, orders and customer at scale 1, and 10 million web events.</remarks>
public sealed class GeneratedData
{
    private static readonly string[] Words =
    [
        "furiously", "quickly", "carefully", "blithely", "slyly", "ironic", "final", "pending", "regular", "express",
        "special", "bold", "even", "silent", "unusual", "deposits", "requests", "accounts", "packages", "instructions",
        "theodolites", "foxes", "ideas", "pinto beans", "dependencies", "platelets", "asymptotes", "sleep", "wake", "nag",
        "haggle", "cajole", "integrate", "detect", "boost", "among", "across", "above", "according to", "after",
    ];

    private readonly string folder;

    /// <summary><c>LAKEFLOW_BENCHMARK_DATA</c>, else <c>benchmarks/.data</c> of the checkout.</summary>
    public static string DefaultFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("LAKEFLOW_BENCHMARK_DATA") is { Length: > 0 } named) return named;
            var root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "Lakeflow.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("run this inside a checkout");
            return Path.Combine(root, "benchmarks", ".data");
        }
    }

    /// <param name="folder">Where the files are kept between runs.</param>
    public GeneratedData(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>The Parquet file of a table, made if it is not there.</summary>
    /// <param name="table"><c>lineitem</c>, <c>orders</c>, <c>customer</c> or <c>events</c>.</param>
    /// <param name="codec"><c>snappy</c> or <c>zstd</c>.</param>
    public string Parquet(string table, string codec = "snappy")
    {
        var file = Path.Combine(folder, $"{table}.{codec}.parquet");
        if (!File.Exists(file)) Make(table, file, $"FORMAT parquet, COMPRESSION {codec}");
        return file;
    }

    /// <summary>Three million events as text, made if they are not there.</summary>
    /// <param name="format"><c>csv</c>, or <c>json</c> for one object a line.</param>
    public string Text(string format)
    {
        var file = Path.Combine(folder, $"events3m.{format}");
        if (File.Exists(file)) return file;
        using var duck = new DuckDbConnection();
        duck.Execute($"COPY (FROM '{Parquet("events")}' LIMIT 3000000) TO '{file}.part' (FORMAT {format}{(format == "csv" ? ", HEADER" : "")})");
        File.Move(file + ".part", file);
        return file;
    }

    private void Make(string table, string file, string options)
    {
        Console.Error.WriteLine($"making {Path.GetFileName(file)} …");
        using var duck = new DuckDbConnection();
        duck.Execute("CREATE MACRO rnd(k, s, n) AS (hash(k * 1000003 + s) % n)::BIGINT");
        var words = string.Join(", ", Words.Select(w => $"'{w}'"));
        duck.Execute($"CREATE MACRO txt(k, s) AS array_to_string([{string.Join(", ", Enumerable.Range(0, 4).Select(i => $"([{words}])[1 + rnd(k, s + {i}, 40)]"))}], ' ')");
        if (table == "lineitem") duck.Execute($"CREATE TABLE orders AS {Query("orders")}");
        duck.Execute($"COPY ({Query(table)}) TO '{file}.part' ({options})");
        File.Move(file + ".part", file);
    }

    private static string Query(string table) => table switch
    {
        "customer" => """
            SELECT k::BIGINT c_custkey, 'Customer#' || lpad(k::VARCHAR, 9, '0') c_name, rnd(k, 1, 25)::INT c_nationkey,
                   ((rnd(k, 5, 1099999) - 99999) / 100)::DECIMAL(15,2) c_acctbal,
                   (['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD'])[1 + rnd(k, 6, 5)] c_mktsegment,
                   txt(k, 20) c_comment
            FROM range(1, 150001) t(k)
            """,
        "orders" => """
            SELECT ((k // 8) * 32 + k % 8)::BIGINT o_orderkey, (1 + (rnd(k, 1, 50000) * 3 + rnd(k, 8, 2)))::BIGINT o_custkey,
                   (900 + rnd(k, 3, 45000000) / 100)::DECIMAL(15,2) o_totalprice, od::DATE o_orderdate,
                   (['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'])[1 + rnd(k, 4, 5)] o_orderpriority,
                   0::INT o_shippriority, txt(k, 40) o_comment
            FROM (SELECT k, (DATE '1992-01-01' + rnd(k, 9, 2406)::INT)::DATE od FROM range(1, 1500001) t(k)) ORDER BY k
            """,
        "lineitem" => """
            WITH l AS (SELECT o_orderkey k, o_orderdate od, ln FROM orders, (SELECT unnest(range(1, 8)) ln) WHERE ln <= 1 + rnd(o_orderkey, 77, 7)),
                 m AS (SELECT k, ln, k * 8 + ln id, od, 1 + rnd(k * 8 + ln, 1, 200000) pk, 1 + rnd(k * 8 + ln, 2, 50) qty,
                              od + (1 + rnd(k * 8 + ln, 3, 121))::INT sd FROM l),
                 n AS (SELECT *, sd + (1 + rnd(id, 4, 30))::INT rd FROM m)
            SELECT k::BIGINT l_orderkey, pk::BIGINT l_partkey, (1 + rnd(id, 5, 10000))::BIGINT l_suppkey, ln::INT l_linenumber,
                   qty::DECIMAL(15,2) l_quantity,
                   (qty * (90000 + ((pk // 10) % 20001) + 100 * (pk % 1000)) / 100.0)::DECIMAL(15,2) l_extendedprice,
                   (rnd(id, 6, 11) / 100.0)::DECIMAL(15,2) l_discount, (rnd(id, 7, 9) / 100.0)::DECIMAL(15,2) l_tax,
                   CASE WHEN rd <= DATE '1995-06-17' THEN (['R', 'A'])[1 + rnd(id, 8, 2)] ELSE 'N' END l_returnflag,
                   CASE WHEN sd > DATE '1995-06-17' THEN 'O' ELSE 'F' END l_linestatus,
                   sd::DATE l_shipdate, (od + (30 + rnd(id, 9, 61))::INT)::DATE l_commitdate, rd::DATE l_receiptdate,
                   (['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'])[1 + rnd(id, 10, 4)] l_shipinstruct,
                   (['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'])[1 + rnd(id, 11, 7)] l_shipmode, txt(id, 60) l_comment
            FROM n ORDER BY k, ln
            """,
        "events" => """
            SELECT k::BIGINT id, (TIMESTAMP '2026-01-01' + to_microseconds(k * 259200 + rnd(k, 1, 1000000))) ts, rnd(k, 2, 500000)::BIGINT user_id,
                   CASE WHEN rnd(k, 3, 100) < 45 THEN 'page_view' WHEN rnd(k, 3, 100) < 70 THEN ' Click ' WHEN rnd(k, 3, 100) < 80 THEN 'add_to_cart'
                        ELSE (['purchase', 'search', 'login', 'logout', 'share', 'error', 'signup', 'refund'])[1 + rnd(k, 4, 8)] END "type",
                   'https://www.example' || rnd(k, 5, 20) || '.com/' || (['product', 'category', 'blog', 'search', 'user'])[1 + rnd(k, 6, 5)]
                        || '/' || rnd(k, 7, 1000000) || '?ref=' || rnd(k, 8, 1000) url,
                   CASE WHEN rnd(k, 9, 10) = 0 THEN NULL ELSE rnd(k, 10, 1000000) / 100.0::DOUBLE - 50 END amount
            FROM range(1, 10000001) t(k) ORDER BY k
            """,
        _ => throw new ArgumentException($"no table {table}"),
    };
}
