using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.State;

namespace Lakeflow.Runtime.Connectors;

/// <summary>The rows of a rate from one position to another: <c>timestamp</c> and <c>value</c>, as Spark's rate source has them.</summary>
public sealed class RateRows(Schema columns, RatePosition from, long to) : IBatchSource
{
    public const string TimestampColumn = "timestamp";
    public const string ValueColumn = "value";

    private const int RowsInABatch = 8192;
    private const long DefaultMostRows = 1_000_000;

    public static readonly Schema AllColumns = new(new(TimestampColumn, DataType.Timestamp, Nullable: false), new Field(ValueColumn, DataType.Int64, Nullable: false));

    public static OptionSet Set { get; } =
    [
        Option.Int64("rowsPerSecond", 1, "Rows that come in a second.", min: 1),
        Option.Timestamp("startTimestamp", "The time of the first row; by default that of the first update."),
        Option.Int64("maxRowsPerTrigger", DefaultMostRows, "Rows per step.", min: 1),
        Option.Ignored("numPartitions", "Workers share the rows by themselves."),
        Option.Refused("rampUpTime", "A rate is the same from its first row on."),
    ];

    public Schema Schema => columns;

    /// <summary>Checks options as written; gives back those that are good, names in lower case.</summary>
    public static ImmutableSortedDictionary<string, string> Check(IEnumerable<(string Name, string? Value, SourceSpan At)> given, DiagnosticBag bag) =>
        Set.Parse(given, bag).Given.ToImmutableSortedDictionary(
            g => g.Key.ToLowerInvariant(), g => ((IFormattable)g.Value.Value).ToString(null, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    public static long PerSecondOf(ImmutableSortedDictionary<string, string> options) => Number(options, "rowspersecond") ?? 1;

    public static long? StartOf(ImmutableSortedDictionary<string, string> options) => Number(options, "starttimestamp");

    public static long MostRows(ImmutableSortedDictionary<string, string> options) => Number(options, "maxrowspertrigger") ?? DefaultMostRows;

    public IBatchReader Open(int worker, int workers) => new Reader(columns, from, to, worker, workers);

    public void Dispose()
    {
    }

    private static long? Number(ImmutableSortedDictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private sealed class Reader(Schema columns, RatePosition from, long to, int worker, int workers) : IBatchReader
    {
        private long batch = worker;

        public RecordBatch? Read()
        {
            var first = from.Rows + (batch * RowsInABatch);
            if (first >= to) return null;
            var count = (int)Math.Min(RowsInABatch, to - first);
            var builders = columns.Fields.Select(f => ArrayBuilder.Create(f.Type, count)).ToArray();
            for (var c = 0; c < builders.Length; c++)
            {
                var isValue = columns[c].Name.Equals(ValueColumn, StringComparison.OrdinalIgnoreCase);
                for (var i = 0; i < count; i++) builders[c].AppendValue(isValue ? first + i : from.TimeOf(first + i));
            }

            var rows = new RecordBatch(columns, [.. builders.Select(b => b.Build())], count) { Ordinal = batch };
            batch += workers;
            return rows;
        }

        public void Dispose()
        {
        }
    }
}
