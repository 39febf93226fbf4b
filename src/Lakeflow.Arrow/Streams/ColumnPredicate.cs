namespace Lakeflow.Arrow;

/// <summary>How a column compares with a constant.</summary>
public enum ColumnComparison
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    IsNull,
    IsNotNull,
}

/// <summary>A condition on one column that a reader may use to skip files, row groups or pages whose statistics rule it out.</summary>
/// <remarks>Only a hint: rows that do not meet it may still come. Several of them mean AND. A NULL in the column meets only IsNull.</remarks>
/// <param name="Column">Name of a top-level column.</param>
/// <param name="Comparison">How the column compares with <paramref name="Value"/>.</param>
/// <param name="Value">A constant of the column's type, in the form of <see cref="ArrowArray.GetValue"/>; null for the null tests.</param>
public sealed record ColumnPredicate(string Column, ColumnComparison Comparison, object? Value);
