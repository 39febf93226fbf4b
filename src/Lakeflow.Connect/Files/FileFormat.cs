namespace Lakeflow.Connect.Files;

/// <summary>The formats that <c>read_files</c> reads.</summary>
public enum FileFormat
{
    Csv,
    Json,
    Parquet,
    Text,
    BinaryFile,
}
