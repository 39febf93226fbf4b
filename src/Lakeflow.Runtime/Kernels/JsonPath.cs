using System.Globalization;
using System.Text.Json;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A path into JSON: <c>$.a[0]['b c'][*]</c>. A text that is no path finds nothing.</summary>
public sealed class JsonPath : ICompiledText<JsonPath>
{
    // A string is a field, an int an element, null all elements.
    private readonly List<object?>? steps;

    private JsonPath(List<object?>? steps) => this.steps = steps;

    /// <summary>From <c>$…</c>, or from what stands after a colon (<c>a.b[0]</c>).</summary>
    public static JsonPath Compile(string text)
    {
        var steps = new List<object?>();
        var at = text.StartsWith('$') ? 1 : 0;
        var first = at == 0;
        while (at < text.Length)
        {
            if (text[at] == '[')
            {
                var close = text.IndexOf(']', at);
                if (close < 0) return new JsonPath(null);
                var inside = text[(at + 1)..close].Trim();
                if (inside == "*") steps.Add(null);
                else if (inside.Length >= 2 && inside[0] is '\'' or '"') steps.Add(inside[1..^1]);
                else if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) steps.Add(index);
                else return new JsonPath(null);
                at = close + 1;
            }
            else if (text[at] == '.' || first)
            {
                var start = first && text[at] != '.' ? at : at + 1;
                var end = start;
                while (end < text.Length && text[end] is not ('.' or '[')) end++;
                if (end == start) return new JsonPath(null);
                steps.Add(text[start..end] == "*" ? null : text[start..end].Trim('`'));
                at = end;
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
    internal List<JsonElement>? Find(JsonElement root, bool firstInAnyCase)
    {
        if (steps is null) return null;
        List<JsonElement> found = [root];
        for (var i = 0; i < steps.Count; i++)
        {
            var next = new List<JsonElement>();
            foreach (var element in found) Step(element, steps[i], firstInAnyCase && i == 0, next);
            found = next;
        }

        return found.Count == 0 ? null : found;
    }

    internal bool HasWildcard => steps is not null && steps.Contains(null);

    private static void Step(JsonElement element, object? step, bool anyCase, List<JsonElement> to)
    {
        switch (step)
        {
            case string name when element.ValueKind == JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (!property.Name.Equals(name, anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) continue;
                    to.Add(property.Value);
                    return;
                }

                break;
            case int index when element.ValueKind == JsonValueKind.Array && index < element.GetArrayLength(): to.Add(element[index]); break;
            case null when element.ValueKind == JsonValueKind.Array: to.AddRange(element.EnumerateArray()); break;
        }
    }
}
