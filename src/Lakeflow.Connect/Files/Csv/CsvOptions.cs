using System.Text;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Files.Csv;

/// <summary>The csv options of a scan, as the parser wants them.</summary>
internal sealed class CsvOptions
{
    public CsvOptions(FileScanSpec spec)
    {
        var options = spec.Options;
        Separator = Encoding.UTF8.GetBytes(Unescaped(options.Text("sep")));
        if (Separator.Length == 0) Separator = [(byte)','];
        Quote = Single(options.Text("quote"));
        Escape = Single(options.Text("escape"));
        Comment = Single(options.TextOrNull("comment") ?? "");
        Header = options.BooleanOrNull("header") ?? spec.Declared is null;
        MultiLine = options.Boolean("multiLine");
        SkipRows = options.Int64("skipRows");
        NullValue = Encoding.UTF8.GetBytes(options.Text("nullValue"));
        EmptyValue = Encoding.UTF8.GetBytes(options.Text("emptyValue"));
        NanValue = Encoding.UTF8.GetBytes(options.Text("nanValue"));
        PositiveInf = Encoding.UTF8.GetBytes(options.Text("positiveInf"));
        NegativeInf = Encoding.UTF8.GetBytes(options.Text("negativeInf"));
        TrimLeft = options.Boolean("ignoreLeadingWhiteSpace");
        TrimRight = options.Boolean("ignoreTrailingWhiteSpace");
        LineEnd = LineReader.EndOf(options);
        MaxColumns = options.Int64("maxColumns");
        MaxFieldBytes = options.Int64("maxCharsPerColumn");
        EnforceSchema = options.BooleanOrNull("enforceSchema");
        PreferDate = options.Boolean("preferDate");
        NeedsCare = TrimLeft || TrimRight || NullValue.Length > 0;
    }

    public byte[] Separator { get; }

    /// <summary>-1 for none.</summary>
    public int Quote { get; }

    public int Escape { get; }

    public int Comment { get; }

    public bool Header { get; }

    public bool MultiLine { get; }

    public long SkipRows { get; }

    public byte[] NullValue { get; }

    public byte[] EmptyValue { get; }

    public byte[] NanValue { get; }

    public byte[] PositiveInf { get; }

    public byte[] NegativeInf { get; }

    public bool TrimLeft { get; }

    public bool TrimRight { get; }

    /// <summary>Null: any of \n, \r\n and \r.</summary>
    public byte[]? LineEnd { get; }

    public long MaxColumns { get; }

    /// <summary>-1 for no limit.</summary>
    public long MaxFieldBytes { get; }

    public bool? EnforceSchema { get; }

    public bool PreferDate { get; }

    /// <summary>True if an unquoted field may mean something other than its bytes.</summary>
    public bool NeedsCare { get; }

    private static int Single(string text)
    {
        var unescaped = Unescaped(text);
        if (unescaped.Length == 0 || unescaped == "\0") return -1;
        if (unescaped.Length > 1 || unescaped[0] > 127)
        {
            throw new RuntimeError("LF7002", $"'{text}' is no value for an option that takes one ASCII character.", "quote, escape and comment take one character each.");
        }

        return unescaped[0];
    }

    /// <summary><c>\t</c> and the like, for those who write them in SQL text that does not read them.</summary>
    private static string Unescaped(string text) => text switch
    {
        "\\t" => "\t",
        "\\n" => "\n",
        "\\r" => "\r",
        "\\r\\n" => "\r\n",
        "\\0" => "",
        "\\\\" => "\\",
        _ => text,
    };
}
