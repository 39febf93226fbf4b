namespace Lakeflow.Runtime.Connectors;

/// <summary>A source that leaves out malformed records where it is told to, and counts them: nothing is lost in silence.</summary>
public interface ISkippingSource
{
    /// <summary>Records left out so far, over all readers.</summary>
    long Skipped { get; }
}
