using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Reading;

/// <summary>LF0054 and LF0055 – a table and the program that reads it do not fit. One method a code.</summary>
public static class ReadErrors
{
    public static RuntimeError OtherColumn(string table, Field wanted, Field? found) => new(
        "LF0054",
        found is null
            ? $"The table {table} has no column '{wanted.Name}', which this program was built to read."
            : $"Column '{wanted.Name}' of {table} is {TypeOf(found)}, and this program was built to read {TypeOf(wanted)}.",
        "Run the pipeline that this program was built with, so that its table follows; or build the program again.");

    public static RuntimeError DecimalTooLarge(Int128 unscaled, int scale) => new(
        "LF0055", string.Create(CultureInfo.InvariantCulture, $"The DECIMAL {DecimalMath.Text(unscaled, scale)} has more digits than C#'s decimal holds, which is 28."),
        "Cast the column to DECIMAL(28, s) or DOUBLE in the pipeline.");

    public static RuntimeError Outside(string type, long value, string unit, string held) => new(
        "LF0055", string.Create(CultureInfo.InvariantCulture, $"The {type} of {value} {unit} is more than C#'s {held} holds."),
        "Cast the column to STRING or BIGINT in the pipeline, or leave out what cannot be meant.");

    private static string TypeOf(Field field) => $"{field.Type}{(field.Nullable ? "" : " NOT NULL")}";
}
