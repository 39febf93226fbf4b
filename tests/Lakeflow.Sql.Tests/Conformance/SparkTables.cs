using System.Globalization;

namespace Lakeflow.Sql.Tests.Conformance;

/// <summary>The small tables that Spark's suite makes before any file runs. <c>onek</c> and <c>tenk1</c> are data files of its own, and not here.</summary>
internal static class SparkTables
{
    public static TestTables All { get; } = Made();

    private static TestTables Made()
    {
        var engine = new SqlEngine();
        var rows = string.Join(", ", Enumerable.Range(1, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"({i}, '{i}')")));
        engine.AddTable("testdata", $"SELECT * FROM VALUES {rows} AS t(key, value)");
        engine.AddTable("arraydata", "SELECT * FROM VALUES (array(1, 2, 3), array(array(1, 2, 3))), (array(2, 3, 4), array(array(2, 3, 4))) AS t(arraycol, nestedarraycol)");
        engine.AddTable("mapdata", """
            SELECT * FROM VALUES (map(1, 'a1', 2, 'b1', 3, 'c1', 4, 'd1', 5, 'e1')), (map(1, 'a2', 2, 'b2', 3, 'c2', 4, 'd2')),
              (map(1, 'a3', 2, 'b3', 3, 'c3')), (map(1, 'a4', 2, 'b4')), (map(1, 'a5')) AS t(mapcol)
            """);
        engine.AddTable("aggtest", "SELECT CAST(a AS INT) AS a, CAST(b AS FLOAT) AS b FROM VALUES (56, 7.8F), (100, 99.097F), (0, 0.09561F), (42, 324.78F) AS t(a, b)");
        return engine.Tables;
    }
}
