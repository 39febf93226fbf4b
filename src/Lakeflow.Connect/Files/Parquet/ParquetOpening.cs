using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Connect.Files.Parquet;

/// <summary>Opens Parquet files of a scan, in the scan's words.</summary>
internal static class ParquetOpening
{
    public static ParquetFile Open(FileEntry file)
    {
        try
        {
            return ParquetFile.Open(new FileRead(file.Path), file.VisiblePath);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.FileVanished(file.VisiblePath);
        }
    }

    /// <summary>The union of the columns of two files; a column of both gets the wider type.</summary>
    public static void Merge(List<Field> into, Schema schema, string file)
    {
        foreach (var field in schema.Fields)
        {
            var at = into.FindIndex(f => f.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0) into.Add(field);
            else into[at] = into[at] with
            {
                Type = Widening.Common(into[at].Type, field.Type)
                    ?? throw FileErrors.TypeDiffers(file, field.Name, field.Type.ToString(), into[at].Type.ToString()),
            };
        }
    }
}
