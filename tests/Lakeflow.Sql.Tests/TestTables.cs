using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Sql.Tests;

/// <summary>Tables in memory: to the binder a catalog, to a run batches, to the oracle rows. A value: adding one gives another.</summary>
internal sealed class TestTables : ICatalog
{
    public static readonly TestTables None = new(ImmutableDictionary.Create<string, TestTable>(StringComparer.OrdinalIgnoreCase));

    private readonly ImmutableDictionary<string, TestTable> known;

    private TestTables(ImmutableDictionary<string, TestTable> known) => this.known = known;

    public IEnumerable<QualifiedName> Tables => known.Keys.Select(name => new QualifiedName("main", "test", name));

    public TestTable? this[string name] => known.GetValueOrDefault(name);

    public TestTables With(string name, TestTable table) => new(known.SetItem(name, table));

    public TestTables Without(string name) => new(known.Remove(name));

    public Schema? FindTable(QualifiedName name) => this[name.Name]?.Schema;

    public Schema? FindPathTable(string path) => null;

    public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag) => null;

    public IEnumerable<IReadOnlyDictionary<string, object?>> Rows(TableSource source)
    {
        var (schema, rows) = known[source.Table.Name];
        return rows.Select(row => schema.Fields.Select((f, i) => (f.Name, Value: row[i])).ToDictionary(f => f.Name, f => f.Value));
    }

    /// <summary>The rows as batches: one, or random slices with texts now plain, now as a dictionary.</summary>
    public IBatchSource Open(TableSourceInfo source, Random? slices)
    {
        var (schema, rows) = known[source.Table.Name];
        var columns = source.Columns.Fields.Select(f => schema.IndexOf(f.Name)).ToArray();
        var batches = new List<RecordBatch>();
        for (var from = 0; from < rows.Count;)
        {
            var count = slices is null ? rows.Count : Math.Min(rows.Count - from, slices.Next(1, 4));
            var arrays = columns.Select((c, i) => Column(source.Columns[i].Type, rows.Skip(from).Take(count).Select(r => r[c]), slices?.Next(2) == 1));
            batches.Add(new RecordBatch(source.Columns, [.. arrays], count));
            from += count;
        }

        return new BatchSource(source.Columns, batches);
    }

    private static ArrowArray Column(DataType type, IEnumerable<object?> values, bool encode)
    {
        var plain = Built(type, values);
        if (!encode || type is not (StringType or BinaryType)) return plain;
        var all = values.ToArray();
        var distinct = all.Where(v => v is not null).Distinct().ToArray();
        var codes = Built(DataType.Int32, all.Select(v => v is null ? null : (object?)Array.IndexOf(distinct, v)));
        return new DictionaryArray((PrimitiveArray<int>)codes, Built(type, distinct));
    }

    private static ArrowArray Built(DataType type, IEnumerable<object?> values)
    {
        var builder = ArrayBuilder.Create(type);
        foreach (var value in values) builder.AppendValue(value);
        return builder.Build();
    }
}

/// <summary>A table's columns, and its rows in the form of <see cref="ArrowArray.GetValue"/>.</summary>
internal sealed record TestTable(Schema Schema, IReadOnlyList<object?[]> Rows);
