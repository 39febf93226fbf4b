using System.Globalization;
using System.Reflection;
using System.Text;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>How the rows of a view or of a flow's target come about, as text: what <c>explain</c> prints.</summary>
/// <param name="Name">The flow's or the view's.</param>
/// <param name="Dataset">The dataset that it is about, by its full name.</param>
/// <param name="Title">The line above.</param>
/// <param name="Bound">The plan as the query says it.</param>
/// <param name="Optimized">The plan that is run.</param>
/// <param name="Physical">Its stages; of a view, which has none, the optimized plan.</param>
/// <param name="Code">The C# of the flow; empty for a view.</param>
public sealed record Explanation(string Name, string Dataset, string Title, string Bound, string Optimized, string Physical, string Code)
{
    /// <summary>The plans there are.</summary>
    public static readonly string[] Plans = ["bound", "optimized", "physical"];

    /// <summary>The name of the resource that holds a program's explanations: read when they are asked for, and nothing that C# has to be compiled for.</summary>
    public const string Resource = "lakeflow.explanations";

    /// <summary>What <see cref="Resource"/> holds: of each explanation its texts in order, each behind a line with its length.</summary>
    public static string Write(IEnumerable<Explanation> explanations)
    {
        var all = new StringBuilder();
        foreach (var one in explanations)
        {
            foreach (var text in (ReadOnlySpan<string>)[one.Name, one.Dataset, one.Title, one.Bound, one.Optimized, one.Physical, one.Code])
                all.Append(text.Length.ToString(CultureInfo.InvariantCulture)).Append('\n').Append(text).Append('\n');
        }

        return all.ToString();
    }

    /// <summary>The explanations in an assembly; none if it has no such resource.</summary>
    public static IReadOnlyList<Explanation> In(Assembly assembly)
    {
        using var resource = assembly.GetManifestResourceStream(Resource);
        if (resource is null) return [];
        using var reader = new StreamReader(resource, Encoding.UTF8);
        return Read(reader.ReadToEnd());
    }

    /// <summary>The reverse of <see cref="Write(IEnumerable{Explanation})"/>.</summary>
    public static IReadOnlyList<Explanation> Read(string all)
    {
        var explanations = new List<Explanation>();
        var at = 0;
        while (at < all.Length) explanations.Add(new(Next(), Next(), Next(), Next(), Next(), Next(), Next()));
        return explanations;

        string Next()
        {
            var end = all.IndexOf('\n', at);
            var length = int.Parse(all.AsSpan(at, end - at), CultureInfo.InvariantCulture);
            at = end + length + 2;
            return all.Substring(end + 1, length);
        }
    }

    /// <summary>True if a user who says <paramref name="word"/> means this: its name, or the end of it behind a dot.</summary>
    public bool Is(string word) => Ends(Name, word) || Ends(Dataset, word);

    /// <summary>Writes a plan and, if asked, the C#.</summary>
    /// <param name="to">Where.</param>
    /// <param name="plan">One of <see cref="Plans"/>.</param>
    /// <param name="code">Whether to write the C#, too.</param>
    public void Write(TextWriter to, string plan, bool code)
    {
        to.WriteLine(Title);
        to.WriteLine(plan switch { "bound" => Bound, "physical" => Physical, _ => Optimized });
        if (code && Code.Length > 0) to.WriteLine(Code);
    }

    internal static bool Ends(string full, string word) =>
        full.Equals(word, StringComparison.OrdinalIgnoreCase) || full.EndsWith("." + word, StringComparison.OrdinalIgnoreCase);
}
