using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>Types from texts: a type (<c>ARRAY&lt;INT&gt;</c>) or a list of columns (<c>a INT, b STRUCT&lt;c: DATE&gt;</c>), as in <c>from_json</c>.</summary>
public static class DdlSchema
{
    /// <summary>A column list gives a STRUCT. False if the text is neither.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DataType? type)
    {
        var reader = new Reader(text);
        type = reader.ReadType();
        if (type is not null && reader.AtEnd) return true;
        reader = new Reader(text);
        type = reader.ReadFields('\0') is { } fields && reader.AtEnd ? new StructType(fields) : null;
        return type is not null;
    }

    private sealed class Reader(string text)
    {
        private int at;

        public bool AtEnd
        {
            get
            {
                Blanks();
                return at == text.Length;
            }
        }

        public DataType? ReadType() => Word().ToUpperInvariant() switch
        {
            "BOOLEAN" => DataType.Boolean,
            "TINYINT" or "BYTE" => DataType.Int8,
            "SMALLINT" or "SHORT" => DataType.Int16,
            "INT" or "INTEGER" => DataType.Int32,
            "BIGINT" or "LONG" => DataType.Int64,
            "FLOAT" or "REAL" => DataType.Float,
            "DOUBLE" => DataType.Double,
            "STRING" => DataType.String,
            "VARCHAR" or "CHAR" or "CHARACTER" => Numbers() is [_] ? DataType.String : null,
            "BINARY" => DataType.Binary,
            "DATE" => DataType.Date,
            "TIMESTAMP" or "TIMESTAMP_LTZ" => DataType.Timestamp,
            "TIMESTAMP_NTZ" => DataType.TimestampNtz,
            "VOID" => DataType.Null,
            "DECIMAL" or "DEC" or "NUMERIC" => Numbers() switch
            {
                [] => new DecimalType(10, 0),
                [var p] when p is >= 1 and <= 38 => new DecimalType(p, 0),
                [var p, var s] when p is >= 1 and <= 38 && s >= 0 && s <= p => new DecimalType(p, s),
                _ => null,
            },
            "ARRAY" => Take('<') && ReadType() is { } element && Take('>') ? new ListType(element) : null,
            "MAP" => Take('<') && ReadType() is { } key && Take(',') && ReadType() is { } value && Take('>') ? new MapType(key, value) : null,
            "STRUCT" => Take('<') && ReadFields('>') is { } fields && Take('>') ? new StructType(fields) : null,
            _ => null,
        };

        public ImmutableArray<Field>? ReadFields(char end)
        {
            var fields = ImmutableArray.CreateBuilder<Field>();
            Blanks();
            if (at < text.Length && text[at] == end) return [];
            do
            {
                var name = Word();
                Take(':');
                if (name.Length == 0 || ReadType() is not { } type) return null;
                var nullable = true;
                if (Keyword("NOT"))
                {
                    if (!Keyword("NULL")) return null;
                    nullable = false;
                }

                if (Keyword("COMMENT") && !Quoted()) return null;
                fields.Add(new Field(name, type, nullable));
            }
            while (Take(','));
            return fields.ToImmutable();
        }

        private string Word()
        {
            Blanks();
            var start = at;
            if (at < text.Length && text[at] == '`')
            {
                var close = text.IndexOf('`', at + 1);
                if (close < 0) return "";
                at = close + 1;
                return text[(start + 1)..close];
            }

            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_')) at++;
            return text[start..at];
        }

        private bool Keyword(string word)
        {
            var before = at;
            if (Word().Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
            at = before;
            return false;
        }

        private bool Quoted()
        {
            Blanks();
            if (at == text.Length || text[at] is not ('\'' or '"')) return false;
            var close = text.IndexOf(text[at], at + 1);
            at = close + 1;
            return close > 0;
        }

        private List<int> Numbers()
        {
            var numbers = new List<int>();
            if (!Take('(')) return numbers;
            do numbers.Add(int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1);
            while (Take(','));
            Take(')');
            return numbers;
        }

        private bool Take(char c)
        {
            Blanks();
            if (at == text.Length || text[at] != c) return false;
            at++;
            return true;
        }

        private void Blanks()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        }
    }
}
