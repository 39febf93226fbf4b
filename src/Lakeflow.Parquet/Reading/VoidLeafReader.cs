using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>A column of type VOID: levels only.</summary>
internal sealed class VoidLeafReader(string file, LeafColumn leaf, PageSource pages, long chunkValues)
    : LeafReader(file, leaf, pages, chunkValues)
{
    public override ArrowArray Take() => new NullArray(Levels.AllDefined ? Levels.Count : SlotDefinitions().Length);

    protected override void StartBatch(int rows)
    {
    }

    protected override void StartDictionary()
    {
    }

    protected override void StartPage(int start, bool dictionary)
    {
    }

    protected override void Decode(int count, ReadOnlySpan<int> wanted) => throw new BrokenDataException("a value in a column that is always NULL");
}
