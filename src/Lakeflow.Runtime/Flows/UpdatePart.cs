namespace Lakeflow.Runtime.Flows;

/// <summary>What an update is to the run that it belongs to.</summary>
internal enum UpdatePart
{
    /// <summary>It is the run.</summary>
    Whole,

    /// <summary>The first pass of a continuous run.</summary>
    First,

    /// <summary>A later pass: it leaves no trace if it found nothing to do.</summary>
    Later,
}
