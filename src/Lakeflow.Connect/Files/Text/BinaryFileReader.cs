using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files.Text;

/// <summary>Reads a file as one row: <c>path, modificationTime, length, content</c>. The content is read only if it is asked for.</summary>
internal sealed class BinaryFileReader(FileColumns columns, FileMorsel morsel, SourceCounts counts) : MorselReader(columns, morsel)
{
    private bool ended;

    public override RecordBatch? Read(long ordinal)
    {
        if (ended) return null;
        ended = true;
        counts.Add(rows: 1);
        return Batch(ordinal, 1, new RowOrigin(File.VisiblePath, 0), i =>
        {
            var builder = ArrayBuilder.Create(Columns.Output[i].Type, 1);
            builder.AppendValue(Columns.Output[i].Name.ToUpperInvariant() switch
            {
                "PATH" => File.VisiblePath,
                "MODIFICATIONTIME" => File.ModifiedTime,
                "LENGTH" => File.Size,
                "CONTENT" => Content(),
                _ => null,
            });
            return builder.Build();
        });
    }

    private byte[] Content()
    {
        try
        {
            return System.IO.File.ReadAllBytes(File.Path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.FileVanished(File.VisiblePath);
        }
    }
}
