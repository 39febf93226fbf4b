using System.Globalization;
using System.Text;
using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>
/// A project with all that has state: files of two formats into one table, a flow that runs once, a stream of a stream, changes as rows and as history, a table that
/// follows a snapshot, rows that take the place of others by key and by condition, windows, sessions, first occurrences and a join of streams, joined and grouped views, rules.
/// </summary>
internal sealed class Shop
{
    public static readonly string[] Tables = ["orders", "large", "customers", "totals", "accounts", "accounts_history", "holders", "windows", "visits", "firsts", "follows", "names", "mirror", "newest", "per_customer"];

    /// <summary>Flows that write as many rows as the cuts between their steps make it.</summary>
    private static readonly string[] Uncounted = ["customers", "totals", "accounts", "holders", "names", "mirror", "newest", "per_customer"];

    private const string Pipeline = """
        CREATE OR REFRESH STREAMING TABLE orders (
          CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW,
          CONSTRAINT small EXPECT (amount < 900));
        CREATE FLOW from_csv AS INSERT INTO orders BY NAME
          SELECT id, customer, amount FROM STREAM read_files('/d/csv', format => 'csv', header => true, maxFilesPerTrigger => 2,
            schema => 'id BIGINT, customer INT, amount DECIMAL(10,2)');
        CREATE FLOW from_json AS INSERT INTO orders BY NAME
          SELECT id, customer, amount FROM STREAM read_files('/d/json', format => 'json', schema => 'id BIGINT, customer INT, amount DECIMAL(10,2)');
        CREATE FLOW history AS INSERT INTO ONCE orders BY NAME
          SELECT id, CAST(1 AS INT) AS customer, CAST(id % 90 + 1 AS DECIMAL(10,2)) AS amount FROM range(1000000, 1000050);
        CREATE OR REFRESH STREAMING TABLE large AS SELECT * FROM STREAM orders WHERE amount > 400;
        CREATE OR REFRESH MATERIALIZED VIEW customers AS
          SELECT * FROM read_files('/d/customers.csv', format => 'csv', header => true, schema => 'customer INT, name STRING');
        CREATE OR REFRESH MATERIALIZED VIEW totals AS
          SELECT c.name, count(*) AS n, sum(o.amount) AS total FROM orders o JOIN customers c ON o.customer = c.customer GROUP BY c.name;
        CREATE TEMPORARY VIEW changes AS SELECT * FROM STREAM read_files('/d/events', format => 'json', maxFilesPerTrigger => 3,
          schema => 'id INT, seq INT, op STRING, name STRING');
        CREATE OR REFRESH STREAMING TABLE accounts;
        CREATE FLOW accounts_now AS AUTO CDC INTO accounts FROM STREAM(changes)
          KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS * EXCEPT (op) STORED AS SCD TYPE 1;
        CREATE OR REFRESH STREAMING TABLE accounts_history;
        CREATE FLOW accounts_past AS AUTO CDC INTO accounts_history FROM STREAM(changes)
          KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY seq COLUMNS * EXCEPT (op) STORED AS SCD TYPE 2;
        CREATE OR REFRESH MATERIALIZED VIEW holders AS
          SELECT a.id, a.name, count(*) AS versions FROM accounts a JOIN accounts_history h ON h.id = a.id GROUP BY a.id, a.name;
        CREATE OR REFRESH MATERIALIZED VIEW names AS SELECT id, name FROM accounts;
        CREATE OR REFRESH STREAMING TABLE mirror;
        CREATE FLOW mirror_flow AS AUTO CDC FROM SNAPSHOT INTO mirror FROM names KEYS (id);
        CREATE OR REFRESH STREAMING TABLE newest;
        CREATE FLOW newest_flow AS INSERT INTO newest BY NAME REPLACE USING (id) SEQUENCE BY seq SELECT id, seq, op, name FROM STREAM(changes);
        CREATE OR REFRESH STREAMING TABLE per_customer FLOW REPLACE WHERE customer <> 2 BY NAME
          SELECT customer, count(*) AS n, max(id) AS last FROM orders GROUP BY customer;

        -- No row is late, whatever is read together: events come at most 39 seconds after others.
        CREATE TEMPORARY VIEW timed AS SELECT id, seq, timestamp_seconds(seq) AS at FROM STREAM read_files('/d/events', format => 'json', schema => 'id INT, seq INT');
        CREATE OR REFRESH STREAMING TABLE windows AS
          SELECT window.start, id, count(*) AS n FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 40 SECONDS GROUP BY window(at, '20 seconds'), id;
        CREATE OR REFRESH STREAMING TABLE visits AS
          SELECT id, session_window.start, session_window.end, count(*) AS n
          FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 40 SECONDS GROUP BY id, session_window(at, '4 seconds');
        CREATE OR REFRESH STREAMING TABLE firsts AS SELECT DISTINCT id, at FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 40 SECONDS;
        CREATE OR REFRESH STREAMING TABLE follows AS
          SELECT a.id, a.seq, b.seq AS next FROM STREAM(timed) WATERMARK at DELAY OF INTERVAL 40 SECONDS a
          LEFT JOIN STREAM(timed) WATERMARK at DELAY OF INTERVAL 40 SECONDS b ON a.id = b.id AND b.at > a.at AND b.at <= a.at + INTERVAL 5 SECONDS;
        """;

    public Shop(string folder)
    {
        Folder = folder;
        foreach (var sub in new[] { "data/csv", "data/json", "data/events" }) Directory.CreateDirectory(Path.Combine(folder, sub));
        File.WriteAllText(Path.Combine(folder, "lakeflow.yml"), "name: shop\nlibraries:\n  - '*.lfsql'\nmounts:\n  /d: ./data\n");
        File.WriteAllText(Path.Combine(folder, "shop.lfsql"), Pipeline);
        File.WriteAllText(Path.Combine(folder, "data/customers.csv"), "customer,name\n0,zero\n1,one\n2,two\n3,three\n");
        Deliver(0);
    }

    public string Folder { get; }

    /// <summary>Puts input files number <paramref name="n"/> in place, each at once.</summary>
    public void Deliver(int n)
    {
        var csv = new StringBuilder("id,customer,amount\n");
        for (var k = 0; k < 40; k++) csv.Append(CultureInfo.InvariantCulture, $"{(n * 100) + k},{k % 5},{(((k * 37) + (n * 11)) % 1000) - 50}.25\n");
        Place("csv", $"{n}.csv", csv);
        var json = new StringBuilder();
        for (var k = 50; k < 60; k++) json.Append(CultureInfo.InvariantCulture, $$"""{"id":{{(n * 100) + k}},"customer":{{k % 5}},"amount":{{((k * 53) + n) % 1000}}.5}""").Append('\n');
        Place("json", $"{n}.json", json);
        // Half of the changes are newer than any before; the others come late, or again.
        var events = new StringBuilder();
        for (var k = 0; k < 20; k++)
        {
            var seq = Math.Max(0, (n * 10) + 9 - (k * 7 % 40));
            events.Append(CultureInfo.InvariantCulture, $$"""{"id":{{seq * 3 % 11}},"seq":{{seq}},"op":"{{(seq % 7 == 0 ? 'D' : 'U')}}","name":"n{{seq % 5}}"}""").Append('\n');
        }

        Place("events", $"{n}.json", events);
    }

    /// <summary>All rows of all tables, sorted.</summary>
    public string Rows()
    {
        var text = new StringBuilder();
        foreach (var table in Tables)
        {
            using var output = new StringWriter { NewLine = "\n" };
            using var error = new StringWriter { NewLine = "\n" };
            var exit = CommandLine.Run(
                ["sql", "-C", Folder, "-o", "csv", $"SELECT * FROM {table} ORDER BY ALL"], new Terminal(TextReader.Null, output, error, Folder, default));
            Assert.Equal((0, ""), (exit, error.ToString()));
            text.Append(table).Append('\n').Append(output).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Rows written and rules broken by flow, summed over the event log; views, which are written anew as often as they are computed, and changes are left out.</summary>
    public string LoggedCounts()
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var log = Snapshot.Open(Project.Open(Folder, null, [], new DiagnosticBag())!.OpenLakehouse().EventLog());
        using var scan = new DeltaScan(log);
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                var type = batch.Columns[batch.Schema.IndexOf("event_type")];
                var details = batch.Columns[batch.Schema.IndexOf("details")];
                for (var i = 0; i < batch.Length; i++)
                {
                    if (type.GetValue(i) is "flow_progress") Sum((string)details.GetValue(i)!, FlowOf(batch.Columns[batch.Schema.IndexOf("origin")], batch, i), sums);
                }
            }
        }

        return string.Join('\n', sums.Where(s => !Uncounted.Any(u => s.Key.StartsWith(u, StringComparison.Ordinal))).Select(s => $"{s.Key} {s.Value}"));
    }

    private static string FlowOf(Arrow.ArrowArray origin, Arrow.RecordBatch batch, int row)
    {
        var fields = ((Arrow.StructType)batch.Schema[batch.Schema.IndexOf("origin")].Type).Fields;
        var at = fields.ToList().FindIndex(f => f.Name == "flow_name");
        return (string)((object?[])origin.GetValue(row)!)[at]!;
    }

    private static void Sum(string details, string flow, SortedDictionary<string, long> sums)
    {
        using var json = System.Text.Json.JsonDocument.Parse(details);
        var progress = json.RootElement.GetProperty("flow_progress");
        if (progress.TryGetProperty("metrics", out var metrics) && metrics.TryGetProperty("num_output_rows", out var rows)) Add($"{flow} written", rows.GetInt64());
        if (!progress.TryGetProperty("data_quality", out var quality)) return;
        if (quality.TryGetProperty("dropped_records", out var dropped)) Add($"{flow} dropped", dropped.GetInt64());
        if (!quality.TryGetProperty("expectations", out var rules)) return;
        foreach (var rule in rules.EnumerateArray()) Add($"{flow} {rule.GetProperty("name").GetString()} failed", rule.GetProperty("failed_records").GetInt64());

        void Add(string key, long count) => sums[key] = sums.GetValueOrDefault(key) + count;
    }

    private void Place(string folder, string name, StringBuilder text)
    {
        var aside = Path.Combine(Folder, "data", "." + name);
        File.WriteAllText(aside, text.ToString());
        File.Move(aside, Path.Combine(Folder, "data", folder, name));
    }
}
