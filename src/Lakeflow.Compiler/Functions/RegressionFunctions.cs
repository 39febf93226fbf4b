using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels.Aggregates;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Linear regression: <c>regr_…(dependent, independent)</c>, over the rows where both are there.</summary>
internal static class RegressionFunctions
{
    public static readonly SqlFunction Count = new("regr_count")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Int64).Into<RegressionCountState>().NeverNull()],
        Summary = "Rows where both are there.",
    };

    public static readonly SqlFunction Sxx = new("regr_sxx")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionSxxState>()],
        Summary = "Sum of the squares of the second's distances from its mean.",
    };

    public static readonly SqlFunction Syy = new("regr_syy")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionSyyState>()],
        Summary = "Sum of the squares of the first's distances from its mean.",
    };

    public static readonly SqlFunction Sxy = new("regr_sxy")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionSxyState>()],
        Summary = "Sum of the products of both distances from their means.",
    };

    public static readonly SqlFunction AverageX = new("regr_avgx")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionAverageXState>()],
        Summary = "Mean of the second, over rows where both are there.",
    };

    public static readonly SqlFunction AverageY = new("regr_avgy")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionAverageYState>()],
        Summary = "Mean of the first, over rows where both are there.",
    };

    public static readonly SqlFunction Slope = new("regr_slope")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionSlopeState>()],
        Summary = "Slope of the line through the points; NULL where the second is constant.",
    };

    public static readonly SqlFunction Intercept = new("regr_intercept")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionInterceptState>()],
        Summary = "Where the line through the points meets 0; NULL where the second is constant.",
    };

    public static readonly SqlFunction Fit = new("regr_r2")
    {
        Kind = FunctionKind.Aggregate,
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).Into<RegressionFitState>()],
        Summary = "Coefficient of determination; NULL where the second is constant.",
    };
}
