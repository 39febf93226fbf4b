using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Sql.Tests.RandomQueries;

/// <summary>Writes queries at random, in the SQL that Spark and DuckDB share and mean the same by.</summary>
/// <remarks>
/// Left out, because the two differ: division, DECIMAL products, texts of large doubles. Doubles are halves, so that sums are exact in any order;
/// a LIMIT stands only behind an order by every column.
/// </remarks>
/// <param name="random">The same seed writes the same queries.</param>
/// <param name="tables">What they read.</param>
internal sealed class QueryMaker(Random random, IReadOnlyDictionary<string, Schema> tables)
{
    private static readonly DataType[] Types = [DataType.Int32, DataType.Int64, DataType.String, DataType.Double, DataType.Boolean, DataType.Date, RandomTables.Money];

    private readonly List<string> common = [];

    private int names;

    /// <summary>A column that may be named, with its relation's alias before it.</summary>
    private sealed record Column(string Name, DataType Type);

    /// <summary>A query with the types of its columns, which are named c0, c1, …</summary>
    private sealed record Query(string Sql, IReadOnlyList<DataType> Types);

    public string Next()
    {
        var query = Whole(depth: 2);
        return common.Count == 0 ? query.Sql : Flush(query.Sql);
    }

    private string Flush(string sql)
    {
        var with = $"WITH {string.Join(", ", common)} {sql}";
        common.Clear();
        return with;
    }

    private Query Whole(int depth)
    {
        var query = Select(depth, null);
        if (random.Next(6) == 0)
        {
            var other = Select(depth - 1, query.Types);
            query = query with { Sql = $"{query.Sql} {Pick("UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL", "INTERSECT ALL")} {other.Sql}" };
        }
        else if (random.Next(5) == 0)
        {
            var order = string.Join(", ", query.Types.Select((_, i) => $"{i + 1}{Pick("", " DESC")} NULLS {Pick("FIRST", "LAST")}"));
            query = query with { Sql = $"{query.Sql} ORDER BY {order} LIMIT {random.Next(12)}" };
        }

        return query;
    }

    private Query Select(int depth, IReadOnlyList<DataType>? wanted)
    {
        var (from, scope) = From(depth);
        var where = random.Next(3) == 0 ? "" : $" WHERE {Condition(scope, 2, subqueries: depth > 0)}";
        wanted ??= [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Types[random.Next(Types.Length)])];
        return random.Next(3) switch
        {
            0 => Grouped(from + where, scope, wanted),
            1 when random.Next(2) == 0 => Windowed(from + where, scope, wanted),
            _ => new Query($"SELECT {(random.Next(6) == 0 ? "DISTINCT " : "")}{Items(wanted.Select(t => Of(t, scope, 2)))} FROM {from}{where}", wanted),
        };
    }

    private Query Grouped(string from, List<Column> scope, IReadOnlyList<DataType> wanted)
    {
        var keys = Enumerable.Range(0, wanted.Count).Where(_ => random.Next(2) == 0).ToList();
        var items = wanted.Select((t, i) => keys.Contains(i) ? Of(t, scope, random.Next(2)) : Aggregate(t, scope)).ToList();
        var having = random.Next(4) == 0 ? $" HAVING count(*) {Pick(">", ">=", "<")} {random.Next(1, 4)}" : "";
        var by = keys.Count == 0 ? "" : $" GROUP BY {string.Join(", ", keys.Select(k => (k + 1).ToString(CultureInfo.InvariantCulture)))}";
        if (keys.Count is 1 or 2 && keys.TrueForAll(k => scope.Exists(c => c.Name == items[k])) && keys.Select(k => items[k]).Distinct().Count() == keys.Count && random.Next(3) == 0)
        {
            var list = string.Join(", ", keys.Select(k => items[k]));

            // Over no rows Spark has no grand total, DuckDB has one.
            having = " HAVING count(*) > 0";
            by = $" GROUP BY {Pick($"ROLLUP ({list})", $"CUBE ({list})", $"GROUPING SETS (({list}), ({items[keys[0]]}))")}";
        }

        return new Query($"SELECT {Items(items)} FROM {from}{by}{having}", wanted);
    }

    private Query Windowed(string from, List<Column> scope, IReadOnlyList<DataType> wanted)
    {
        var ids = scope.Where(c => c.Name.EndsWith(".id", StringComparison.Ordinal)).ToList();

        // Without the ids of all tables, rows would tie, and each engine breaks ties in its own way.
        if (ids.Count < scope.Select(c => c.Name.Split('.')[0]).Distinct().Count()) return new Query($"SELECT {Items(wanted.Select(t => Of(t, scope, 2)))} FROM {from}", wanted);
        var order = string.Join(", ", ids.Select(c => $"{c.Name} NULLS FIRST"));
        var over = $"OVER ({(random.Next(3) == 0 ? "" : $"PARTITION BY {Of(Types[random.Next(Types.Length)], scope, 0)} ")}ORDER BY {order}";
        var frame = Pick("", " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING", " ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING");
        var items = wanted.Select(t => (random.Next(4), t) switch
        {
            (0, Int32Type) => $"CAST({Pick("row_number()", "rank()", "dense_rank()", "ntile(3)")} {over}) AS INT)",
            (0, Int64Type) => $"count({Of(t, scope, 0)}) {over}{frame})",
            (1, _) => $"{Pick("lag", "lead")}({Of(t, scope, 1)}, {random.Next(1, 3)}) {over})",
            (2, _) when t is not BooleanType => $"{Pick("min", "max", "first_value", "last_value")}({Of(t, scope, 1)}) {over}{frame})",
            _ => Of(t, scope, 1),
        });
        var qualify = random.Next(3) == 0 ? $" QUALIFY {Pick("row_number()", "rank()")} {over}) <= {random.Next(1, 4)}" : "";
        return new Query($"SELECT {Items(items)} FROM {from}{qualify}", wanted);
    }

    private (string Sql, List<Column> Scope) From(int depth)
    {
        var (left, scope) = Source(depth);
        if (random.Next(2) == 0) return (left, scope);
        if (depth > 0 && random.Next(8) == 0)
        {
            var alias = $"t{names++}";
            var type = Types[random.Next(Types.Length)];
            return ($"{left}, LATERAL (SELECT {Pick("max", "min")}({Inner(type, scope, ") AS c0")}) AS {alias}", [.. scope, new Column($"{alias}.c0", type)]);
        }

        var (right, other) = Source(depth - 1);
        var kind = Pick("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN", "CROSS JOIN");
        if (kind == "CROSS JOIN") return ($"{left} CROSS JOIN {right}", [.. scope, .. other]);
        var by = Types[random.Next(Types.Length)];
        var both = (List<Column>)[.. scope, .. other];
        var on = $"{Of(by, scope, 0)} = {Of(by, other, 0)}{(random.Next(3) == 0 ? $" AND {Condition(both, 1, subqueries: false)}" : "")}";
        return ($"{left} {kind} {right} ON {on}", kind is "SEMI JOIN" or "ANTI JOIN" ? scope : both);
    }

    private (string Sql, List<Column> Scope) Source(int depth)
    {
        var alias = $"t{names++}";
        if (depth > 0 && random.Next(3) == 0)
        {
            var inner = Whole(depth - 1);
            var sql = $"({inner.Sql})";
            if (random.Next(3) == 0)
            {
                common.Add($"w{alias} AS {sql}");
                sql = $"w{alias}";
            }

            return ($"{sql} AS {alias}", [.. inner.Types.Select((t, i) => new Column($"{alias}.c{i}", t))]);
        }

        var (name, schema) = tables.ElementAt(random.Next(tables.Count));
        return ($"{name} AS {alias}", [.. schema.Fields.Select(f => new Column($"{alias}.{f.Name}", f.Type))]);
    }

    private string Aggregate(DataType type, List<Column> scope)
    {
        var filter = random.Next(5) == 0 ? $" FILTER (WHERE {Condition(scope, 1, subqueries: false)})" : "";
        var plain = $"{Pick("min", "max")}({Of(type, scope, 1)}){filter}";
        return (type, random.Next(3)) switch
        {
            (Int64Type, 0) => $"count({Pick("*", Of(Types[random.Next(Types.Length)], scope, 1))}){filter}",
            (Int64Type, 1) => $"count(DISTINCT {Of(Types[random.Next(Types.Length)], scope, 0)})",
            (Int64Type, _) => $"sum({Pick("", "DISTINCT ")}{Of(DataType.Int32, scope, 1)}){filter}",
            (DoubleType, 0) => $"avg({Of(DataType.Int32, scope, 1)}){filter}",
            (DoubleType, 1) => $"sum({Of(type, scope, 1)}){filter}",
            (DecimalType, 0) => $"CAST(sum({Of(type, scope, 0)}){filter} AS DECIMAL(10,2))",
            (BooleanType, _) => $"{Pick("bool_and", "bool_or")}({Condition(scope, 1, subqueries: false)}){filter}",
            _ => plain,
        };
    }

    private string Condition(List<Column> scope, int depth, bool subqueries) => Of(DataType.Boolean, scope, depth, subqueries);

    private string Of(DataType type, List<Column> scope, int depth, bool subqueries = false)
    {
        var columns = scope.Where(c => c.Type == type).ToList();
        if (columns.Count > 0 && random.Next(depth == 0 ? 8 : 3) != 0) return columns[random.Next(columns.Count)].Name;
        if (depth <= 0) return Literal(type);
        string Arg(DataType t) => Of(t, scope, depth - 1, subqueries);
        switch (random.Next(5))
        {
            case 0:
                return $"CASE WHEN {Arg(DataType.Boolean)} THEN {Arg(type)}{(random.Next(2) == 0 ? "" : $" ELSE {Arg(type)}")} END";
            case 1:
                return $"coalesce({Arg(type)}, {Arg(type)})";
            case 2 when type is not BooleanType:
                return $"{Pick("greatest", "least", "nullif")}({Arg(type)}, {Arg(type)})";
        }

        return type switch
        {
            Int32Type => Pick($"({Arg(type)} + {Arg(type)})", $"({Arg(type)} - {Arg(type)})", $"({Arg(type)} * {random.Next(4)})", $"abs({Arg(type)})", $"CAST(length({Arg(DataType.String)}) AS INT)", $"CAST({Pick("year", "month", "day", "quarter", "dayofyear")}({Arg(DataType.Date)}) AS INT)", $"CAST(instr({Arg(DataType.String)}, 'b') AS INT)", $"CAST(floor({Arg(DataType.Double)}) AS INT)", $"CAST(ceil({Arg(DataType.Double)}) AS INT)", $"(- {Arg(type)})"),
            Int64Type => Pick($"({Arg(type)} + {Arg(type)})", $"CAST({Arg(DataType.Int32)} AS BIGINT)", $"({Arg(type)} - 1)"),
            StringType => Pick($"upper({Arg(type)})", $"({Arg(type)} || {Arg(type)})", $"substring({Arg(type)}, {random.Next(1, 3)}, {random.Next(3)})", $"CAST({Arg(DataType.Int32)} AS STRING)", $"replace({Arg(type)}, 'a', 'bb')", $"{Pick("trim", "ltrim", "rtrim", "lower", "reverse")}({Arg(type)})", $"lpad({Arg(type)}, {random.Next(4)}, 'xy')"),
            DoubleType => Pick($"({Arg(type)} + {Arg(type)})", $"({Arg(type)} - {Arg(type)})", $"CAST({Arg(DataType.Int32)} AS DOUBLE)"),
            DecimalType => $"CAST({Arg(DataType.Int32)} AS DECIMAL(10,2))",
            DateType => Pick($"({Arg(type)} + {random.Next(4)})", $"({Arg(type)} - {random.Next(40)})", $"last_day({Arg(type)})"),
            _ => Test(scope, depth, subqueries),
        };
    }

    private string Test(List<Column> scope, int depth, bool subqueries)
    {
        var type = Types[random.Next(Types.Length)];
        string Arg(DataType t) => Of(t, scope, depth - 1, subqueries);
        return random.Next(subqueries ? 12 : 9) switch
        {
            0 => $"({Arg(DataType.Boolean)} AND {Arg(DataType.Boolean)})",
            1 => $"({Arg(DataType.Boolean)} OR {Arg(DataType.Boolean)})",
            2 => $"(NOT {Arg(DataType.Boolean)})",
            3 => $"({Arg(type)} IS {Pick("", "NOT ")}NULL)",
            4 => $"({Arg(type)} IS {Pick("", "NOT ")}DISTINCT FROM {Arg(type)})",
            5 => $"({Arg(type)} {Pick("", "NOT ")}IN ({Literal(type)}, {Literal(type)}, {Arg(type)}))",
            6 when type is not BooleanType => $"({Arg(type)} BETWEEN {Arg(type)} AND {Arg(type)})",
            7 => $"({Arg(DataType.String)} LIKE '{Pick("a%", "%b", "%a%", "_b%", "b")}')",
            9 => $"({Arg(type)} {Pick("", "NOT ")}IN (SELECT {Inner(type, null)}))",
            10 => $"({Pick("", "NOT ")}EXISTS (SELECT 1 {Inner(null, scope)}))",
            11 when type is not BooleanType => $"({Arg(type)} {Pick("=", "<", ">=")} (SELECT {Pick("min", "max")}({Inner(type, scope, ")")}))",
            _ => $"({Arg(type)} {Pick("=", "<>", "<", "<=", ">", ">=")} {Arg(type)})",
        };
    }

    /// <summary>The inside of a subquery: an expression of a type, FROM a table, WHERE it agrees with the query around it.</summary>
    private string Inner(DataType? type, List<Column>? around, string close = "")
    {
        var alias = $"t{names++}";
        var (name, schema) = tables.ElementAt(random.Next(tables.Count));
        List<Column> scope = [.. schema.Fields.Select(f => new Column($"{alias}.{f.Name}", f.Type))];
        var where = random.Next(2) == 0 ? "" : $" WHERE {Condition(scope, 1, subqueries: false)}";
        if (around is not null && random.Next(4) != 0)
        {
            var outer = around[random.Next(around.Count)];
            if (scope.Find(c => c.Type == outer.Type) is { } same) where += $"{(where.Length == 0 ? " WHERE" : " AND")} {same.Name} {Pick("=", "=", "=", "<")} {outer.Name}";
        }

        return $"{(type is null ? "" : Of(type, scope, 0))}{close} FROM {name} AS {alias}{where}";
    }

    private string Literal(DataType type) => random.Next(12) == 0 ? $"CAST(NULL AS {type})" : RandomTables.Literal(type, RandomTables.Value(type, random));

    private static string Items(IEnumerable<string> items) => string.Join(", ", items.Select((item, i) => $"{item} AS c{i}"));

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
