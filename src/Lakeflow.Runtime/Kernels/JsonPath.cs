using System.Globalization;
using System.Text.Json;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A path into JSON: <c>$.a[0]['b c'][*]</c>. A text that is no path finds nothing.</summary>
public sealed class JsonPath : ICompiledText<JsonPath>
{
    private const int All = -1;

    private readonly List<Step>? steps;

    private JsonPath(List<Step>? steps) => this.steps = steps;

    /// <summary>From <c>$…</c>, or from what stands after a colon (<c>a.b[0]</c>).</summary>
    public static JsonPath Compile(string text)
    {
        var steps = new List<Step>();
        var at = text.StartsWith('$') ? 1 : 0;
        var first = at == 0;
        while (at < text.Length)
        {
            if (text[at] == '[')
            {
                if (InBrackets(text, ref at) is not { } step) return new JsonPath(null);
                steps.Add(step);
            }
            else if (text[at] == '.' || first)
            {
                if (text[at] == '.') at++;
                if (Word(text, ref at) is not { } step) return new JsonPath(null);
                steps.Add(step);
            }
            else
            {
                return new JsonPath(null);
            }

            first = false;
        }

        return new JsonPath(steps);
    }

    /// <summary>What stands there; null if nothing does.</summary>
    /// <param name="wordsInAnyCase">True: names behind a dot match in any case, those in brackets as they are. Of several that match, the one as written wins.</param>
    internal List<JsonElement>? Find(JsonElement root, bool wordsInAnyCase)
    {
        if (steps is null) return null;
        List<JsonElement> found = [root];
        foreach (var step in steps)
        {
            var next = new List<JsonElement>();
            foreach (var element in found) Follow(element, step, wordsInAnyCase && step.IsWord, next);
            found = next;
        }

        return found.Count == 0 ? null : found;
    }

    internal bool HasWildcard => steps is not null && steps.Exists(s => s.Name is null && s.Index == All);

    /// <summary><c>['a']</c>, <c>[0]</c> or <c>[*]</c>.</summary>
    private static Step? InBrackets(string text, ref int at)
    {
        var start = at + 1;
        var quoted = start < text.Length && text[start] is '\'' or '"';
        var close = quoted ? text.IndexOf($"{text[start]}]", start + 1, StringComparison.Ordinal) + 1 : text.IndexOf(']', start);
        if (close <= start) return null;
        var inside = text[start..close].Trim();
        at = close + 1;
        if (quoted) return new Step(inside[1..^1], 0, false);
        if (inside == "*") return new Step(null, All, false);
        return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new Step(null, index, false) : null;
    }

    /// <summary><c>a</c>, <c>`a b`</c> or <c>*</c>.</summary>
    private static Step? Word(string text, ref int at)
    {
        var start = at;
        if (at < text.Length && text[at] == '`' && text.IndexOf('`', at + 1) is > 0 and var close)
        {
            at = close + 1;
            return new Step(text[(start + 1)..close], 0, true);
        }

        while (at < text.Length && text[at] is not ('.' or '[')) at++;
        var word = text[start..at];
        return word switch { "" => null, "*" => new Step(null, All, true), _ => new Step(word, 0, true) };
    }

    private static void Follow(JsonElement element, Step step, bool anyCase, List<JsonElement> to)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when step.Name is { } name:
                // The first of that name, as Spark's streaming reader finds it.
                foreach (var property in element.EnumerateObject())
                {
                    if (!property.NameEquals(name)) continue;
                    to.Add(property.Value);
                    return;
                }

                foreach (var property in element.EnumerateObject())
                {
                    if (!anyCase || !property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
                    to.Add(property.Value);
                    return;
                }

                break;
            case JsonValueKind.Array when step is { Name: null, Index: All }:
                to.AddRange(element.EnumerateArray());
                break;
            case JsonValueKind.Array when step.Name is null && step.Index < element.GetArrayLength():
                to.Add(element[step.Index]);
                break;
        }
    }

    /// <param name="Name">A field; null for an element.</param>
    /// <param name="Index">Which element; <see cref="All"/> for all.</param>
    /// <param name="IsWord">True where it stands behind a dot, not in brackets.</param>
    private readonly record struct Step(string? Name, int Index, bool IsWord);
}
