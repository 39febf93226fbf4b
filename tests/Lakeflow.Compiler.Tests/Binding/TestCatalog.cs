using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Tests.Binding;

/// <summary>A small lakehouse: tables by DDL, files by path.</summary>
internal sealed class TestCatalog : ICatalog
{
    private readonly Dictionary<QualifiedName, Schema> tables = [];
    private readonly Dictionary<string, Schema> files = [];

    public TestCatalog()
    {
        Table("orders", "id BIGINT NOT NULL, customer_id BIGINT, country STRING, amount DOUBLE, price DECIMAL(12,2), qty INT, at TIMESTAMP, day DATE, tags ARRAY<STRING>, items ARRAY<STRUCT<sku: STRING, n: INT>>, props MAP<STRING, STRING>, addr STRUCT<city: STRING, zip: STRING>, raw STRING");
        Table("customers", "id BIGINT NOT NULL, name STRING, country STRING, since DATE");
        Table("nums", "a INT, b INT NOT NULL, s STRING, d DOUBLE, f BOOLEAN");
        Table("other.events", "id STRING, at TIMESTAMP_NTZ");
        File("/in/orders", "id BIGINT, customer_id BIGINT, country STRING, amount DOUBLE, at TIMESTAMP");
        File("/in/customers", "id BIGINT, name STRING");
    }

    public IEnumerable<QualifiedName> Tables => tables.Keys;

    /// <summary>One that cannot be called, and one that hides behind a built-in function.</summary>
    public static readonly FunctionCatalog Refused = new(
    [
        new MarkedMethod("host_of", "Shop.Pages.HostOf") { Problem = "its parameter 'address' is System.Uri" },
        new MarkedMethod("soundex", "Shop.Texts.Soundex") { Signature = new UserMethod("Shop.Texts", "Soundex", [], new MethodValue("", MethodType.All[0], false), DataType.Boolean) },
    ]);

    public FunctionCatalog Functions { get; init; } = FunctionCatalog.Empty;

    public TestCatalog Table(string name, string ddl)
    {
        var parts = name.Split('.');
        tables[new QualifiedName("main", parts.Length > 1 ? parts[0] : "default", parts[^1])] = Ddl(ddl);
        return this;
    }

    public TestCatalog File(string path, string ddl)
    {
        files[path] = Ddl(ddl);
        return this;
    }

    public Schema? FindTable(QualifiedName name) => tables.GetValueOrDefault(name);

    public Schema? FindPathTable(string path) => files.GetValueOrDefault(path);

    public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag)
    {
        if ((request.Schema ?? files.GetValueOrDefault(request.Path)) is not { } columns)
        {
            bag.Add(new Diagnostic("LF7001", Severity.Error, request.At, $"There is nothing at {request.Path}."));
            return null;
        }

        var options = request.Options.ToImmutableSortedDictionary(o => o.Name.ToLowerInvariant(), o => o.Value ?? "");
        return new ResolvedFiles((request.Format ?? "csv").ToLowerInvariant(), columns, options);
    }

    private static Schema Ddl(string ddl)
    {
        var bag = new DiagnosticBag();
        var schema = TypeBinder.Fields(Parser.ParseSchema(ddl, SourceSpan.None, bag)!, bag);
        return schema ?? throw new ArgumentException(string.Join('\n', bag.ToImmutable()));
    }
}
