namespace Lakeflow.Connect.Files.Csv;

/// <summary>Where the fields of some records stand in the window: what the tokenizer writes and the columns read.</summary>
/// <remarks>
/// A row has <see cref="Stride"/> entries in <see cref="Ends"/>: first the row's start less the separator's length, then the end of
/// each field. Field c is <c>Ends[c] + separator … Ends[c + 1]</c>; a missing field has a negative length. Fields are raw: still quoted.
/// </remarks>
internal sealed class CsvBlock
{
    public CsvBlock(int fields, int capacity)
    {
        Fields = fields;
        Capacity = capacity;
        Limit = capacity;
        Ends = new int[(fields + 1) * capacity];
        RowStarts = new int[capacity];
        RowEnds = new int[capacity];
        FieldCounts = new int[capacity];
        Lines = new int[capacity];
    }

    /// <summary>Fields that a record should have.</summary>
    public int Fields { get; }

    public int Capacity { get; }

    public int Stride => Fields + 1;

    public byte[] Buffer { get; set; } = [];

    public int Rows { get; set; }

    /// <summary>Rows that the next reading may fill, at most <see cref="Capacity"/>.</summary>
    public int Limit { get; set; }

    public int[] Ends { get; }

    public int[] RowStarts { get; }

    /// <summary>Behind the last byte of each record, without its line end.</summary>
    public int[] RowEnds { get; }

    /// <summary>Fields that each record has.</summary>
    public int[] FieldCounts { get; }

    /// <summary>1-based line on which each record begins.</summary>
    public int[] Lines { get; }

    /// <summary>Records with another number of fields than <see cref="Fields"/>.</summary>
    public int Misshapen { get; set; }

    public ReadOnlySpan<byte> Record(int row) => Buffer.AsSpan(RowStarts[row], RowEnds[row] - RowStarts[row]);

    /// <summary>Takes out the rows of a set; the others move up.</summary>
    public void Remove(HashSet<int> rows)
    {
        var kept = 0;
        for (var row = 0; row < Rows; row++)
        {
            if (rows.Contains(row)) continue;
            Array.Copy(Ends, row * Stride, Ends, kept * Stride, Stride);
            RowStarts[kept] = RowStarts[row];
            RowEnds[kept] = RowEnds[row];
            FieldCounts[kept] = FieldCounts[row];
            Lines[kept] = Lines[row];
            kept++;
        }

        Rows = kept;
    }
}
