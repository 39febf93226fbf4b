namespace Lakeflow.Connect.Files.Json;

/// <summary>What a JSON value is, told by its first character.</summary>
internal enum JsonKind : byte
{
    /// <summary>No value: the field is missing.</summary>
    None,
    Null,
    True,
    False,
    Number,

    /// <summary>NaN, Infinity, -Infinity: allowed by an option.</summary>
    NonNumber,
    String,
    Object,
    Array,
}
