namespace Lakeflow.Runtime.Kernels;

/// <summary>Choices among boxed values.</summary>
public static class ChoiceKernels
{
    /// <summary>The largest that is not NULL; NULL if all are.</summary>
    public static object? Greatest(object?[] values) => values.Where(v => v is not null).Max(BoxedValues.Instance);

    /// <summary>The smallest that is not NULL; NULL if all are.</summary>
    public static object? Least(object?[] values) => values.Where(v => v is not null).Min(BoxedValues.Instance);
}
