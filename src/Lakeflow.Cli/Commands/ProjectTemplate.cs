namespace Lakeflow.Cli.Commands;

/// <summary>The files of a new project.</summary>
internal static class ProjectTemplate
{
    public static IEnumerable<(string Path, string Text)> Files(string name) =>
    [
        ("lakeflow.yml", $"""
            name: {Safe(name)}
            catalog: main
            schema: shop
            libraries:
              - pipeline/**

            # Where the tables live, and what stands for paths of another world.
            lakehouse: ./lakehouse
            mounts:
              /Volumes/main/raw: ./data

            """),
        (".gitignore", "lakehouse/\n"),
        ("data/orders/2026-01-01.json", """
            {"id": 1, "customer": "ada",   "country": "no", "gross": 120.50, "at": "2026-01-01T08:15:00Z"}
            {"id": 2, "customer": "brian", "country": "se", "gross": 80.00,  "at": "2026-01-01T09:30:00Z"}
            {"id": 3, "customer": null,    "country": "no", "gross": 42.00,  "at": "2026-01-01T10:05:00Z"}
            {"id": 4, "customer": "carol", "country": "dk", "gross": -5.00,  "at": "2026-01-01T11:45:00Z"}
            {"id": 5, "customer": "ada",   "country": "no", "gross": 19.90,  "at": "2026-01-02T07:00:00Z"}

            """),
        ("pipeline/orders.lfsql", """
            -- Every file that lands in the folder is read once. Rows that break a rule are counted, or dropped.
            CREATE OR REFRESH STREAMING TABLE orders (
              CONSTRAINT has_customer   EXPECT (customer IS NOT NULL),
              CONSTRAINT positive_gross EXPECT (gross > 0) ON VIOLATION DROP ROW
            )
            COMMENT 'Orders that can be counted'
            AS SELECT id, customer, upper(country) AS country, gross, at
            FROM STREAM read_files('/Volumes/main/raw/orders', format => 'json',
                                   schema => 'id BIGINT, customer STRING, country STRING, gross DOUBLE, at TIMESTAMP');

            """),
        ("pipeline/sales.lfsql", """
            CREATE OR REFRESH MATERIALIZED VIEW sales_by_country
            COMMENT 'What each country bought'
            AS SELECT country, count(*) AS orders, sum(gross) AS gross
            FROM orders
            GROUP BY country;

            CREATE OR REFRESH MATERIALIZED VIEW best_customers
            COMMENT 'Who bought for more than 100'
            AS SELECT customer, sum(gross) AS gross
            FROM orders
            WHERE customer IS NOT NULL
            GROUP BY customer
            HAVING sum(gross) > 100;

            """),
        ("tests/orders.test", """
            # name: a row that breaks a rule is counted or dropped, and a new file is read once

            file /Volumes/main/raw/orders/1.json
            {"id": 1, "customer": "ada", "country": "no", "gross": 120.5, "at": "2026-01-01T08:15:00Z"}
            {"id": 2, "customer": null,  "country": "no", "gross": 42.0,  "at": "2026-01-01T10:05:00Z"}
            {"id": 3, "customer": "bo",  "country": "dk", "gross": -5.0,  "at": "2026-01-01T11:45:00Z"}

            update
            ----
            orders  COMPLETED  read 3  written 2  dropped 1  failed 2

            query
            SELECT * FROM sales_by_country
            ----
            NO  2  162.5

            file /Volumes/main/raw/orders/2.json
            {"id": 4, "customer": "bo", "country": "dk", "gross": 7.5, "at": "2026-01-02T09:00:00Z"}

            update
            ----
            orders  COMPLETED  read 1  written 1

            changes sales_by_country
            ----
            + DK  1  7.5

            """),
    ];

    /// <summary>A name that YAML reads as text.</summary>
    private static string Safe(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && char.IsAsciiLetter(name[0])
        ? name
        : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
