using System.Text;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Tests.Syntax;

public class LargeTextTests
{
    [Fact]
    public void A_megabyte_parses()
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < 1 << 20; i++)
        {
            text.Append($"""
                CREATE OR REFRESH STREAMING TABLE clean_{i} (id BIGINT NOT NULL, CONSTRAINT positive EXPECT (amount > 0 AND amount IS NOT NULL) ON VIOLATION DROP ROW)
                COMMENT 'number {i}' TBLPROPERTIES ('quality' = 'silver')
                AS SELECT id, upper(trim(country)) AS country, CAST(amount * 1.25 AS DECIMAL(10, 2)) AS gross,
                  CASE WHEN amount > 100 THEN 'big' WHEN amount BETWEEN 1 AND 10 THEN 'small' ELSE 'middle' END AS size,
                  row_number() OVER (PARTITION BY country ORDER BY at DESC) AS n, payload:items[0].name::string AS item, -1 AS sign
                FROM STREAM(raw_{i}) AS r LEFT JOIN countries c ON r.country = c.code AND c.valid_to IS NULL
                WHERE r.amount IS NOT NULL AND r.country IN ('NO', 'SE', 'DK') OR (r.id + 1) % 2 = 0
                GROUP BY ALL HAVING count(*) > 1;

                """);
        }

        var bag = new DiagnosticBag();
        var script = Parser.ParseScript(new SourceText("big.lfsql", text.ToString()), ParseOptions.Default, bag);
        Assert.Empty(bag.ToImmutable());
        Assert.True(script.Statements.Length > 1000);
    }
}
