using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Changes;

namespace Lakeflow.Compiler.Binding;

/// <summary>The clauses of an AUTO CDC flow, bound over its source.</summary>
/// <param name="Stored">The source's rows with the columns that COLUMNS selects.</param>
/// <param name="Info">What the run time is told; <see cref="ChangesInfo.Partial"/> follows when all flows of the target are known.</param>
/// <param name="Sequence">The value of SEQUENCE BY as a column.</param>
/// <param name="Kind">What each event does, as a column.</param>
/// <param name="Listed">The names that an event sets, as a column; null without COLUMNS TO UPDATE.</param>
internal sealed record BoundChanges(BoundQuery Stored, ChangesInfo Info, NamedExpr Sequence, NamedExpr Kind, NamedExpr? Listed)
{
    /// <summary>True if some events delete or truncate.</summary>
    public bool TakesRows => Kind.Value is not Literal;

    public DataType SequenceType => Sequence.Column.Type;

    /// <summary>What stands beside the stored columns, as <see cref="ChangeLayout"/> has it.</summary>
    public ImmutableArray<NamedExpr> Beside => Listed is null ? [Sequence, Kind] : [Sequence, Kind, Listed];
}
