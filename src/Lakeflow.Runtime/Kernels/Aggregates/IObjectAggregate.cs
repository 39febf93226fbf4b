using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>An aggregate whose state has no fixed size; values come and go boxed. One instance a group.</summary>
/// <remarks>Made by a static <c>Create(AggregateContext)</c> on each class. NULLs come in only where the declaration says that NULLs are seen.</remarks>
public interface IObjectAggregate
{
    /// <summary>One row: the first argument, and the second where there is one (else null).</summary>
    void Add(object? value, object? second, int site);

    /// <summary>Takes in the rows that come after this state's own; <paramref name="other"/> is of the same class and not used again.</summary>
    void Merge(IObjectAggregate other, int site);

    /// <summary>The answer, null for NULL. May be asked again after more rows.</summary>
    object? Result(int site);

    /// <summary>Puts the state into a block.</summary>
    void Write(SpillWriter to);

    /// <summary>Takes a state out of a block, into one of the same class and context that has seen no row.</summary>
    void Read(SpillReader from);
}
