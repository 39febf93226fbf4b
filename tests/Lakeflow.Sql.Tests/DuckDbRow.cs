using Lakeflow.Arrow;
using Lakeflow.Pipelines.Testing;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Sql.Tests;

/// <summary>Rows that DuckDB printed, in our spelling of their types.</summary>
internal static class DuckDbRow
{
    public static string Text(IReadOnlyList<string?> values, IReadOnlyList<DataType> types) =>
        string.Join("  ", values.Select((v, i) => v is null ? "NULL" : RowLine.Visible(types[i] switch
        {
            BooleanType => v is "t" ? "true" : v is "f" ? "false" : v,
            DoubleType or FloatType when double.TryParse(v, out var d) => NumberText.OfDouble(d),
            _ => v,
        })));
}
