using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Flows;

/// <summary>A source without rows.</summary>
internal sealed class EmptySource(Schema schema) : IBatchSource, IBatchReader
{
    public Schema Schema => schema;

    public IBatchReader Open(int worker, int workers) => this;

    public RecordBatch? Read() => null;

    public void Dispose()
    {
    }
}
