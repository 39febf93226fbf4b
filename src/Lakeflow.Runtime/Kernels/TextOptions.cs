namespace Lakeflow.Runtime.Kernels;

/// <summary>The options of <c>from_json</c>, <c>to_json</c> and their CSV kin (names in any case), as Spark has them.</summary>
internal sealed class TextOptions
{
    /// <summary>Options that would change the answer and are not supported: better refused than passed over.</summary>
    private static readonly string[] Refused =
    [
        "allowbackslashescapinganycharacter", "allowcomments", "allownumericleadingzeros", "allowunquotedcontrolchars", "allowunquotedfieldnames",
        "columnnameofcorruptrecord", "locale",
    ];

    [ThreadStatic]
    private static TextOptions? last;

    private readonly KeyValuePair<object, object?>[] pairs;
    private readonly SessionZone session;

    private TextOptions(KeyValuePair<object, object?>[] pairs, SessionZone session, int site)
    {
        this.pairs = pairs;
        this.session = session;
        Zone = session;
        foreach (var (key, value) in pairs)
        {
            var (name, text) = (((string)key).ToLowerInvariant(), value as string ?? "");
            switch (name)
            {
                case "dateformat": Date = DateTimePattern.Compile(text); break;
                case "timestampformat": Timestamp = DateTimePattern.Compile(text); break;
                case "timestampntzformat": TimestampNtz = DateTimePattern.Compile(text); break;
                case "timezone": Zone = SessionZone.Compile(text); break;
                case "mode": FailFast = text.Equals("FAILFAST", StringComparison.OrdinalIgnoreCase); break;
                case "ignorenullfields": KeepsNulls = text.Equals("false", StringComparison.OrdinalIgnoreCase); break;
                case "sep" or "delimiter": Separator = text.Length == 0 ? "," : text == "\\t" ? "\t" : text; break;
                case "quote": Quote = text.Length == 0 ? '\0' : text[0]; break;
                case "escape": Escape = text.Length == 0 ? '\0' : text[0]; break;
                case "nullvalue": NullValue = text; break;
                case "emptyvalue": EmptyValue = text; break;
                case "primitivesasstring": PrimitivesAsString = text.Equals("true", StringComparison.OrdinalIgnoreCase); break;
                case "prefersdecimal": PrefersDecimal = text.Equals("true", StringComparison.OrdinalIgnoreCase); break;
                case "pretty": Pretty = text.Equals("true", StringComparison.OrdinalIgnoreCase); break;
                case var other when Refused.Contains(other):
                    Throw.Raise(site, $"The option '{key}' is not supported.", "INVALID_OPTIONS", "Leave it out; dateFormat, timestampFormat, timestampNTZFormat, timeZone, mode, ignoreNullFields and pretty are.");
                    break;
            }
        }
    }

    public DateTimePattern? Date { get; }

    public DateTimePattern? Timestamp { get; }

    public DateTimePattern? TimestampNtz { get; }

    public SessionZone Zone { get; }

    /// <summary>Malformed text raises an error in place of giving NULLs.</summary>
    public bool FailFast { get; }

    /// <summary>NULL fields are written, not left out.</summary>
    public bool KeepsNulls { get; }

    public bool Pretty { get; }

    /// <summary>CSV: what stands between two values.</summary>
    public string Separator { get; } = ",";

    /// <summary>CSV: encloses a value that holds a separator; U+0000 for none.</summary>
    public char Quote { get; } = '"';

    /// <summary>CSV: stands before a quote inside quotes.</summary>
    public char Escape { get; } = '\\';

    /// <summary>CSV: text that means NULL.</summary>
    public string NullValue { get; } = "";

    /// <summary>CSV: what two quotes with nothing between them mean.</summary>
    public string EmptyValue { get; } = "";

    /// <summary>JSON: numbers and booleans look like texts.</summary>
    public bool PrimitivesAsString { get; }

    /// <summary>Numbers with a fraction look like DECIMAL.</summary>
    public bool PrefersDecimal { get; }

    /// <summary>From a MAP&lt;STRING, STRING&gt; (null: no options); the last one read is kept, since rows have the same.</summary>
    public static TextOptions Read(object? map, SessionZone zone, int site)
    {
        var pairs = map as KeyValuePair<object, object?>[] ?? [];
        if (last is { } known && known.session == zone && known.pairs.Length == pairs.Length && known.pairs.Zip(pairs).All(p => Equals(p.First.Key, p.Second.Key) && Equals(p.First.Value, p.Second.Value))) return known;
        return last = new TextOptions(pairs, zone, site);
    }
}
