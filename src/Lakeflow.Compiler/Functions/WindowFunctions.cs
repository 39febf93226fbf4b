using System.Collections.Immutable;
using Lakeflow.Arrow;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Functions that need OVER. The window breaker computes them by name; here are their parameters and results.</summary>
internal static class WindowFunctions
{
    public static readonly SqlFunction RowNumber = Ranking("row_number", DataType.Int32, "1, 2, 3 … in the window's order.");

    public static readonly SqlFunction Rank = Ranking("rank", DataType.Int32, "Place in the order; peers share it, and places after them are left out.");

    public static readonly SqlFunction DenseRank = Ranking("dense_rank", DataType.Int32, "Place in the order; peers share it, no place is left out.");

    public static readonly SqlFunction PercentRank = Ranking("percent_rank", DataType.Double, "(rank − 1) / (rows − 1); 0 for a single row.");

    public static readonly SqlFunction CumeDist = Ranking("cume_dist", DataType.Double, "Rows up to and with the peers, over all rows.");

    public static readonly SqlFunction Ntile = new("ntile")
    {
        Kind = FunctionKind.Window,
        Overloads = [Fn(Constant(Int)).Returns(DataType.Int32).NeverNull()],
        NeedsOrder = true,
        Summary = "Number of the bucket, 1 to n; the first buckets take the rows that are over.",
    };

    public static readonly SqlFunction Lag = Shifting("lag", "Value of the row n before (1 if not said), or the default.");

    public static readonly SqlFunction Lead = Shifting("lead", "Value of the row n after (1 if not said), or the default.");

    public static readonly SqlFunction NthValue = new("nth_value")
    {
        Kind = FunctionKind.Window,
        Overloads = [Fn(Any, Constant(Int)).ReturnsArgument(0).MaybeNull()],
        SkipsNulls = false,
        NeedsOrder = true,
        Summary = "Value of the frame's n-th row, counted from 1.",
    };

    private static SqlFunction Ranking(string name, DataType result, string summary) => new(name)
    {
        Kind = FunctionKind.Window,
        Overloads = [Fn().Returns(result).NeverNull()],
        NeedsOrder = true,
        Summary = summary,
    };

    private static SqlFunction Shifting(string name, string summary) => new(name)
    {
        Kind = FunctionKind.Window,
        Overloads =
        [
            Fn(Any).ReturnsArgument(0).MaybeNull(),
            Fn(Any, Constant(Int)).ReturnsArgument(0).MaybeNull(),
            Fn(T, Constant(Int), T).ReturnsArgument(0).MaybeNull(),
        ],
        SkipsNulls = false,
        NeedsOrder = true,
        Summary = summary,
    };
}
