using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>How columns of the table are called in its files. Delta protocol, "Column Mapping".</summary>
internal sealed class ColumnMapping
{
    public const string NameKey = "delta.columnMapping.physicalName";
    public const string IdKey = "delta.columnMapping.id";

    private readonly string mode;

    public ColumnMapping(TableMetadata metadata) => mode = ModeOf(metadata);

    public bool IsMapped => mode != "none";

    /// <summary><c>none</c>, <c>name</c> or <c>id</c>.</summary>
    public static string ModeOf(TableMetadata metadata) => new TableProperties(metadata.Properties).MappingMode;

    /// <summary>The name in files, statistics and partition values.</summary>
    public string PhysicalName(Field field) => mode == "none" ? field.Name : field.Metadata.GetValueOrDefault(NameKey) ?? field.Name;

    /// <summary>The place of a table's field among those of a file, or -1.</summary>
    public int Find(ImmutableArray<Field> inFile, Field field)
    {
        if (mode == "id" && field.Metadata.GetValueOrDefault(IdKey) is { } id)
        {
            for (var i = 0; i < inFile.Length; i++)
            {
                if (inFile[i].Metadata.GetValueOrDefault(ParquetFile.FieldIdKey) == id) return i;
            }

            // A file whose fields have ids and not this one was written before the column was added.
            if (inFile.Any(f => f.Metadata.ContainsKey(ParquetFile.FieldIdKey))) return -1;
        }

        var name = PhysicalName(field);
        for (var i = 0; i < inFile.Length; i++)
        {
            if (inFile[i].Name == name) return i;
        }

        // Files of writers that spell a name otherwise than the table does.
        return mode == "none" ? new Schema(inFile).IndexOf(name) : -1;
    }
}
