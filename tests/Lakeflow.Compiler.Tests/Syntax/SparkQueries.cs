namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>The queries of Spark's own SQL tests, read in place.</summary>
internal static class SparkQueries
{
    public static string Folder => Path.Combine(Repository.Shared, "conformance", "spark-4.1");

    public sealed record Query(string File, int Number, string Text, string Output)
    {
        /// <summary>The result's schema, <c>struct&lt;a:int&gt;</c>; null where the file has none.</summary>
        public string? Schema { get; init; }

        /// <summary>Spark itself does not parse it.</summary>
        public bool IsParseError => Output.StartsWith("org.apache.spark.sql.catalyst.parser.ParseException", StringComparison.Ordinal);
    }

    public static IEnumerable<Query> All()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*.out", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var blocks = File.ReadAllText(file).Replace("\r\n", "\n").Split("-- !query\n");
            for (var i = 1; i < blocks.Length; i++)
            {
                var parts = blocks[i].Split("-- !query schema\n");
                if (parts.Length != 2) parts = blocks[i].Split("-- !query analysis\n");
                var output = parts.Length < 2 ? "" : parts[1].Split("-- !query output\n") is [_, var text] ? text : parts[1];
                yield return new Query(Path.GetRelativePath(Folder, file), i, parts[0].TrimEnd('\n'), output)
                {
                    Schema = parts.Length < 2 ? null : parts[1].Split("-- !query output\n")[0].TrimEnd('\n'),
                };
            }
        }
    }
}
