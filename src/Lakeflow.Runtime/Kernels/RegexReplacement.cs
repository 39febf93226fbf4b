using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>The replacement of <c>regexp_replace</c>: Java's <c>$1</c>, <c>${name}</c> and <c>\x</c>, in .NET's words.</summary>
public sealed class RegexReplacement : ICompiledText<RegexReplacement>
{
    private RegexReplacement(string text) => Text = text;

    public string Text { get; }

    public static RegexReplacement Compile(string text)
    {
        var to = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                to.Append(text[i] == '$' ? "$$" : text[i].ToString());
            }
            else if (text[i] == '$' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))
            {
                to.Append("${").Append(text[++i]).Append('}');
            }
            else if (text[i] == '$' && !(i + 1 < text.Length && text[i + 1] == '{'))
            {
                to.Append("$$");
            }
            else
            {
                to.Append(text[i]);
            }
        }

        return new RegexReplacement(to.ToString());
    }
}
