namespace Lakeflow.Runtime.Kernels;

/// <summary>Errors that the user asks for.</summary>
public static class ErrorKernels
{
    public static object? Raise(object? message, int site)
    {
        Throw.Raise(site, message as string ?? "NULL", "USER_RAISED_EXCEPTION");
        return null;
    }

    /// <summary>NULL if the condition is TRUE.</summary>
    public static object? AssertTrue(object? condition, int site) => AssertTrueOr(condition, "The condition of assert_true does not hold.", site);

    public static object? AssertTrueOr(object? condition, object? message, int site)
    {
        if (condition is not true) Throw.Raise(site, message as string ?? "NULL", "USER_RAISED_EXCEPTION");
        return null;
    }

    /// <summary>TRUE if a subquery that stands for one value gave a row; LF5011 if it gave several.</summary>
    public static bool OneRow(long rows, int site)
    {
        if (rows > 1) throw new KernelFault(site, "LF5011", $"A subquery that stands for one value gave {rows} rows.", "Aggregate it, or add LIMIT 1 with an ORDER BY.", "SCALAR_SUBQUERY_TOO_MANY_ROWS");
        return rows == 1;
    }
}
