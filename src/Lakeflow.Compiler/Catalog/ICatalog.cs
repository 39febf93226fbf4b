using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Catalog;

/// <summary>What the binder asks about the world outside the pipeline's text; the only door to I/O while compiling.</summary>
public interface ICatalog
{
    /// <summary>The columns of a table of the lakehouse that this pipeline does not declare, or null if there is none.</summary>
    Schema? FindTable(QualifiedName name);

    /// <summary>The columns that a table had at a version, or at a time in microseconds UTC; null if that is not known, and those that it has now are to be taken.</summary>
    Schema? FindTableAsOf(QualifiedName name, long? version, long? micros) => null;

    /// <summary>The columns of a Delta table by its folder, or null if there is none.</summary>
    Schema? FindPathTable(string path);

    /// <summary>Roughly how large the table of that name is, in bytes, or null if that is not known. Only speed depends on it.</summary>
    long? SizeOfTable(QualifiedName name) => null;

    /// <inheritdoc cref="SizeOfTable"/>
    long? SizeOfPathTable(string path) => null;

    /// <summary>Names that <see cref="FindTable"/> knows, for "did you mean".</summary>
    IEnumerable<QualifiedName> Tables { get; }

    /// <summary>What to do about a table that <see cref="FindTable"/> does not know, where that is not to make it; or null.</summary>
    string? UnknownTableHint => null;

    /// <summary>The <c>[SqlFunction]</c> methods that queries may call beside the built-in functions.</summary>
    FunctionCatalog Functions => FunctionCatalog.Empty;

    /// <summary>What to do about a function that is neither built in nor in <see cref="Functions"/>, where that is not to correct its name; or null.</summary>
    string? UnknownFunctionHint => null;

    /// <summary>Checks the options of a file source and learns its columns, from the schema option or from the files.</summary>
    /// <returns>Null if that failed, with the reason in <paramref name="bag"/> at the span of the path or option concerned.</returns>
    ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag);
}

/// <summary>A named value in a call of <c>read_files</c>, <c>cloud_files</c> or a reader option list.</summary>
public sealed record OptionSetting(string Name, string? Value, SourceSpan At);

/// <summary>A file source as the query names it.</summary>
/// <param name="Path">As written.</param>
/// <param name="Function"><c>read_files</c>, <c>cloud_files</c>, or <c>path</c> for <c>csv.`…`</c> and <c>'x.parquet'</c>: defaults differ.</param>
/// <param name="Format">As written, or null to detect it.</param>
/// <param name="Schema">The <c>schema</c> option, parsed; null to infer.</param>
/// <param name="SchemaHints">The <c>schemaHints</c> option, parsed.</param>
/// <param name="Options">All other options.</param>
/// <param name="Streaming">True below STREAM.</param>
/// <param name="At">The path's span.</param>
public sealed record FileRequest(
    string Path, string Function, string? Format, Schema? Schema, Schema? SchemaHints,
    ImmutableArray<OptionSetting> Options, bool Streaming, SourceSpan At);

/// <summary>A file source, resolved.</summary>
/// <param name="Format">In lower case.</param>
/// <param name="Columns">What <c>*</c> means: data, partition and rescued columns.</param>
/// <param name="Options">Checked, names in lower case, for the reader.</param>
public sealed record ResolvedFiles(string Format, Schema Columns, ImmutableSortedDictionary<string, string> Options)
{
    /// <summary>The bytes of the files that are there now, or null if they were not looked at.</summary>
    public long? Size { get; init; }

    /// <summary>The hidden struct column of every file source.</summary>
    public static readonly Field Metadata = new("_metadata", new StructType([
        new Field("file_path", DataType.String, Nullable: false),
        new Field("file_name", DataType.String, Nullable: false),
        new Field("file_size", DataType.Int64, Nullable: false),
        new Field("file_block_start", DataType.Int64, Nullable: false),
        new Field("file_block_length", DataType.Int64, Nullable: false),
        new Field("file_modification_time", DataType.Timestamp, Nullable: false)]), Nullable: false);
}
