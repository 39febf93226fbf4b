using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files;

/// <summary>Reads one part of a file. What is the same in all formats stands here: columns that are constant in a file.</summary>
internal abstract class MorselReader(FileColumns columns, FileMorsel morsel) : IDisposable
{
    /// <summary>Rows of a full batch.</summary>
    public const int BatchRows = 8192;

    private readonly ArrowArray?[] constants = new ArrowArray?[columns.Output.Count];

    protected FileColumns Columns { get; } = columns;

    protected FileMorsel Morsel { get; } = morsel;

    protected FileEntry File => Morsel.File;

    /// <summary>The next rows, under a given place in the stream; null at the end.</summary>
    public abstract RecordBatch? Read(long ordinal);

    public virtual void Dispose()
    {
        foreach (var constant in constants) constant?.Release();
        Array.Clear(constants);
    }

    /// <summary>A batch of the columns asked for; <paramref name="own"/> gives those that are neither partition nor metadata.</summary>
    protected RecordBatch Batch(long ordinal, int length, RowOrigin origin, Func<int, ArrowArray> own)
    {
        var arrays = ImmutableArray.CreateBuilder<ArrowArray>(Columns.Output.Count);
        for (var i = 0; i < Columns.Output.Count; i++)
        {
            arrays.Add(Columns.Origins[i] is ColumnOrigin.Partition or ColumnOrigin.Metadata ? Constant(i, length) : own(i));
        }

        return new RecordBatch(Columns.Output, arrays.MoveToImmutable(), length) { Ordinal = ordinal, Origin = origin };
    }

    /// <summary>A column of NULLs.</summary>
    protected static ArrowArray Nulls(DataType type, int length) => Repeat(type, null, length);

    private ArrowArray Constant(int column, int length)
    {
        if (constants[column] is not { } whole || whole.Length < length)
        {
            constants[column]?.Release();
            whole = Columns.Origins[column] == ColumnOrigin.Metadata
                ? Metadata(Math.Max(length, BatchRows))
                : Repeat(Columns.Output[column].Type, HivePartitions.ValueOf(File, Columns.Output[column]), Math.Max(length, BatchRows));
            constants[column] = whole;
        }

        return whole.Slice(0, length);
    }

    private StructArray Metadata(int length)
    {
        object[] values = [File.VisiblePath, File.Name, File.Size, Morsel.Start, Morsel.Length, File.ModifiedTime];
        var type = (StructType)FileColumns.Metadata.Type;
        return new StructArray(type, length, [.. type.Fields.Select((f, i) => Repeat(f.Type, values[i], length))]);
    }

    private static ArrowArray Repeat(DataType type, object? value, int length)
    {
        if (type is StringType && value is string text)
        {
            var dictionary = new StringArrayBuilder(type, 1);
            dictionary.Append(text);
            return new DictionaryArray(
                new PrimitiveArray<int>(DataType.Int32, length, ArrowBuffer.RentCleared(length * sizeof(int))), dictionary.Build());
        }

        var builder = ArrayBuilder.Create(type, length);
        for (var i = 0; i < length; i++) builder.AppendValue(value);
        return builder.Build();
    }
}
