namespace Lakeflow.Compiler.Tests.Binding;

public class PipelineTests
{
    [Fact]
    public void From_files_to_a_table_to_a_view() => Compiled.Approve(Compiled.Describe(Compiled.Pipeline("""
        CREATE OR REFRESH STREAMING TABLE clean_orders (
          CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW,
          CONSTRAINT has_country EXPECT (country IS NOT NULL)
        )
        COMMENT 'orders that make sense'
        AS SELECT id, country, amount * 1.25 AS amount, at
        FROM STREAM read_files('/in/orders', format => 'csv', header => true)
        WHERE id IS NOT NULL;

        CREATE MATERIALIZED VIEW totals AS
        SELECT c.name, count(*) AS orders, sum(o.amount) AS total
        FROM clean_orders o JOIN customers c ON o.id = c.id
        WHERE o.amount > 10 AND c.country = 'NO'
        GROUP BY c.name;
        """)));
}
