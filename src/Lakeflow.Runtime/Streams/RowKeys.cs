using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Changes;

namespace Lakeflow.Runtime.Streams;

/// <summary>Whole rows as bytes: equal rows, NULLs equal to NULLs, have equal bytes, today and in years.</summary>
internal static class RowKeys
{
    /// <summary>A BINARY value a row, of columns that are not nested.</summary>
    public static ArrowArray Of(ImmutableArray<ArrowArray> columns, int rows)
    {
        var parts = columns.Select(c => KeyBytes.Of([c])).ToArray();
        var builder = new StringArrayBuilder(DataType.Binary, rows);
        var key = new MemoryStream();
        for (var row = 0; row < rows; row++)
        {
            key.SetLength(0);
            foreach (var part in parts)
            {
                key.WriteByte(part.IsNull(row) ? (byte)0 : (byte)1);
                if (!part.IsNull(row)) key.Write(part[row]);
            }

            builder.Append(key.GetBuffer().AsSpan(0, (int)key.Length));
        }

        return builder.Build();
    }
}
