using System.Globalization;
using System.Text.Json;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>One event of the feed that the laws are told with.</summary>
/// <param name="Seq">Its place in the order of all events; no two events share one.</param>
/// <param name="Op"><c>U</c>, <c>D</c> or <c>T</c>.</param>
/// <param name="Listed">The columns that it names.</param>
internal sealed record ChangeEvent(int? Id, int Seq, string Op, string? A, int? B, int? X, string? Y, string[] Listed)
{
    /// <summary>The struct column: NULL where both of its fields are, since a patch cannot tell one from the other.</summary>
    public object?[]? S => X is null && Y is null ? null : [X, Y];

    public string ToJson() => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["id"] = Id,
        // Pairs order as the sequence itself: ten to a first part.
        ["seq"] = Seq,
        ["major"] = Seq / 10,
        ["minor"] = (Seq % 10).ToString(CultureInfo.InvariantCulture),
        ["op"] = Op,
        ["a"] = A,
        ["b"] = B,
        ["s"] = S is null ? null : new Dictionary<string, object?> { ["x"] = X, ["y"] = Y },
        ["listed"] = Listed,
    });
}
