using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>How alike two texts look or sound.</summary>
public static class TextDistance
{
    public static int Levenshtein(Utf8 a, Utf8 b)
    {
        Rune[] x = [.. a.ToString().EnumerateRunes()], y = [.. b.ToString().EnumerateRunes()];
        var row = Enumerable.Range(0, y.Length + 1).ToArray();
        for (var i = 1; i <= x.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= y.Length; j++)
            {
                var here = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (x[i - 1] == y[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = here;
            }
        }

        return row[^1];
    }

    /// <summary>A letter and three digits; a text that does not begin with a letter stays as it is.</summary>
    public static Utf8 Soundex(Utf8 s, scoped ref TextArena scratch)
    {
        if (s.IsEmpty || !char.IsAsciiLetter((char)s.Bytes[0])) return s;
        const string Codes = "01230120022455012623010202";
        var to = scratch.Take(4);
        to.Fill((byte)'0');
        to[0] = (byte)char.ToUpperInvariant((char)s.Bytes[0]);
        var n = 1;
        var last = Codes[to[0] - 'A'];
        foreach (var b in s.Bytes[1..])
        {
            if (n == 4) break;
            var c = char.ToUpperInvariant((char)b);
            if (!char.IsAsciiLetter(c))
            {
                last = '0';
                continue;
            }

            var code = Codes[c - 'A'];
            // H and W do not part equal codes, vowels do.
            if (code != '0' && code != last) to[n++] = (byte)code;
            if (c is not ('H' or 'W')) last = code;
        }

        return new Utf8(to);
    }
}
