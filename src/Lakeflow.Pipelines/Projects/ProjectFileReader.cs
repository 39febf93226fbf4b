using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Compiler.Binding;
using Lakeflow.Runtime.CommandLine;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lakeflow.Pipelines;

/// <summary>Reads <c>lakeflow.yml</c> and <c>spark-pipeline.yml</c>. Every mistake has its line and column.</summary>
/// <remarks>
/// Rules for Spark's file (language specification §5.1): <c>database</c> wins over <c>schema</c>; <c>storage</c>, a file URI, is the
/// lakehouse's folder, because here state and tables live together.
/// </remarks>
internal sealed class ProjectFileReader(string path, string displayName, DiagnosticBag bag)
{
    private static readonly string[] OwnFields = ["name", "libraries", "catalog", "schema", "configuration", "lakehouse", "mounts", "continuous", "targets"];
    private static readonly string[] TargetFields = ["libraries", "catalog", "schema", "configuration", "lakehouse", "mounts", "continuous"];
    private static readonly string[] SparkFields = ["name", "storage", "libraries", "catalog", "database", "schema", "configuration"];

    private readonly string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
    private string? name;
    private ImmutableArray<(string, SourceSpan)>? libraries;
    private string? catalog;
    private string? schema;
    private string? lakehouse;
    private bool continuous;
    private readonly SortedDictionary<string, string> configuration = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Mount> mounts = [];
    private readonly Dictionary<string, string> asWritten = new(StringComparer.Ordinal);

    /// <summary>The settings, or null with the reasons in the bag.</summary>
    /// <param name="isSpark">True for <c>spark-pipeline.yml</c>.</param>
    /// <param name="target">Name under <c>targets:</c> to apply, or null.</param>
    public ProjectSettings? Read(bool isSpark, string? target)
    {
        var errors = bag.Count;
        if (Load() is not { } root) return null;
        var fields = Fields(root, isSpark ? "spark-pipeline.yml" : "lakeflow.yml", isSpark ? SparkFields : OwnFields);
        name = Text(fields, "name");
        if (!fields.ContainsKey("name")) bag.Add(ProjectErrors.MissingField(At(root), "name"));
        Apply(fields);
        if (isSpark)
        {
            schema = Text(fields, "database") ?? schema;
            ReadStorage(fields, root);
        }

        ReadTarget(fields, target);
        if (bag.HasErrors && bag.Count > errors) return null;
        return new ProjectSettings(
            name!, libraries ?? [("**", SourceSpan.None)], catalog ?? "main", schema ?? "default",
            configuration.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase),
            Absolute(lakehouse ?? "lakehouse"), [.. mounts])
        {
            Continuous = continuous,
            AsWritten = asWritten.ToImmutableDictionary(),
        };
    }

    private YamlMappingNode? Load()
    {
        try
        {
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root) return root;
            bag.Add(ProjectErrors.WrongKind(new SourceSpan(displayName, 1, 1, 1, 1), displayName, "a list of 'field: value' lines"));
        }
        catch (YamlException twice) when (twice.Message.Contains("Duplicate key ", StringComparison.Ordinal))
        {
            bag.Add(ProjectErrors.FieldTwice(Span(twice.Start, twice.End), twice.Message[(twice.Message.LastIndexOf(' ') + 1)..].TrimEnd('.'), null));
        }
        catch (YamlException broken)
        {
            bag.Add(ProjectErrors.NotYaml(Span(broken.Start, broken.End), WithoutPlace(broken)));
        }

        return null;
    }

    private void Apply(Dictionary<string, YamlNode> fields)
    {
        if (fields.TryGetValue("libraries", out var list)) libraries = ReadLibraries(list);
        catalog = Text(fields, "catalog") ?? catalog;
        schema = Text(fields, "schema") ?? schema;
        lakehouse = Text(fields, "lakehouse") ?? lakehouse;
        if (Text(fields, "continuous") is { } flag)
        {
            if (!bool.TryParse(flag, out continuous)) bag.Add(ProjectErrors.WrongKind(At(fields["continuous"]), "continuous", "true or false"));
        }

        foreach (var (key, value) in Map(fields, "configuration"))
        {
            configuration[key.Value!] = value;
            if (KnownSettings.InProject(At(key), key.Value!, value) is { } problem) bag.Add(problem);
        }

        foreach (var (key, value) in Map(fields, "mounts"))
        {
            var local = Absolute(value);
            mounts.RemoveAll(m => m.Prefix.TrimEnd('/') == key.Value!.TrimEnd('/'));
            mounts.Add(new Mount(key.Value!, local));
            if (!System.IO.Path.Exists(local)) bag.Add(ProjectErrors.NoSuchMount(At(key), key.Value!, value));
        }
    }

    private void ReadTarget(Dictionary<string, YamlNode> fields, string? target)
    {
        if (fields.TryGetValue("targets", out var node))
        {
            if (node is not YamlMappingNode targets)
            {
                bag.Add(ProjectErrors.WrongKind(At(node), "targets", "a list of targets, each with fields to override"));
                return;
            }

            foreach (var (key, value) in targets.Children)
            {
                var chosen = string.Equals((key as YamlScalarNode)?.Value, target, StringComparison.OrdinalIgnoreCase);
                if (value is YamlMappingNode overrides)
                {
                    var own = Fields(overrides, "a target", TargetFields);
                    if (chosen) Apply(own);
                }
                else if (value is not YamlScalarNode { Value: null or "" })
                {
                    bag.Add(ProjectErrors.WrongKind(At(value), key.ToString(), "a list of fields to override"));
                }

                if (chosen) target = null;
            }

            if (target is not null) bag.Add(ProjectErrors.UnknownTarget(displayName, target, targets.Children.Keys.Select(k => k.ToString())));
        }
        else if (target is not null)
        {
            bag.Add(ProjectErrors.UnknownTarget(displayName, target, []));
        }
    }

    private void ReadStorage(Dictionary<string, YamlNode> fields, YamlMappingNode root)
    {
        if (Text(fields, "storage") is not { } storage)
        {
            bag.Add(ProjectErrors.MissingField(At(root), "storage"));
        }
        else if (Uri.TryCreate(storage, UriKind.Absolute, out var uri) && uri.IsFile)
        {
            lakehouse = uri.LocalPath;
        }
        else
        {
            bag.Add(ProjectErrors.StorageNotLocal(At(fields["storage"]), storage));
        }
    }

    private ImmutableArray<(string, SourceSpan)> ReadLibraries(YamlNode node)
    {
        if (node is not YamlSequenceNode items)
        {
            bag.Add(ProjectErrors.WrongKind(At(node), "libraries", "a list of patterns such as '- bronze/**'"));
            return [];
        }

        var found = ImmutableArray.CreateBuilder<(string, SourceSpan)>();
        foreach (var item in items.Children)
        {
            if (PatternOf(item) is { Value: { } pattern } scalar) found.Add((pattern, At(scalar)));
            else bag.Add(ProjectErrors.WrongKind(At(item), "an entry of libraries", "a pattern, or 'glob: {include: pattern}'"));
        }

        return found.ToImmutable();
    }

    /// <summary><c>pattern</c>, <c>glob: {include: pattern}</c>, <c>file: {path: …}</c> or <c>notebook: {path: …}</c>.</summary>
    private static YamlScalarNode? PatternOf(YamlNode item)
    {
        if (item is YamlScalarNode scalar) return scalar;
        if (item is not YamlMappingNode { Children.Count: 1 } map) return null;
        var (kind, value) = (map.Children[0].Key.ToString(), map.Children[0].Value as YamlMappingNode);
        var inner = kind switch { "glob" => "include", "file" or "notebook" => "path", _ => null };
        if (inner is null || value is not { Children.Count: 1 } || value.Children[0].Key.ToString() != inner) return null;
        return value.Children[0].Value as YamlScalarNode;
    }

    private Dictionary<string, YamlNode> Fields(YamlMappingNode map, string where, string[] known)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var places = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Children)
        {
            var field = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!known.Contains(field)) bag.Add(ProjectErrors.UnknownField(At(key), field, where, known));
            else if (!fields.TryAdd(field, value)) bag.Add(ProjectErrors.FieldTwice(At(key), field, places[field]));
            places.TryAdd(field, At(key));
        }

        return fields;
    }

    private string? Text(Dictionary<string, YamlNode> fields, string field)
    {
        if (!fields.TryGetValue(field, out var node)) return null;
        if (node is YamlScalarNode { Value: { Length: > 0 } text }) return text;
        bag.Add(ProjectErrors.WrongKind(At(node), field, "text"));
        return null;
    }

    private IEnumerable<(YamlScalarNode Key, string Value)> Map(Dictionary<string, YamlNode> fields, string field)
    {
        if (!fields.TryGetValue(field, out var node) || node is YamlScalarNode { Value: null or "" }) yield break;
        if (node is not YamlMappingNode map)
        {
            bag.Add(ProjectErrors.WrongKind(At(node), field, "a list of 'key: value' lines"));
            yield break;
        }

        foreach (var (key, value) in map.Children)
        {
            if (key is YamlScalarNode { Value: not null } name && value is YamlScalarNode { Value: { } text }) yield return (name, text);
            else bag.Add(ProjectErrors.WrongKind(At(value), $"{field}.{key}", "text"));
        }
    }

    private string Absolute(string written)
    {
        var absolute = PipelineSettings.FolderOf(written, folder);
        asWritten[absolute] = written;
        return absolute;
    }

    private SourceSpan At(YamlNode node) => Span(node.Start, node.End);

    private SourceSpan Span(Mark start, Mark end) => new(
        displayName, (int)Math.Max(1, start.Line), (int)Math.Max(1, start.Column), (int)Math.Max(1, end.Line), (int)Math.Max(1, end.Column));

    /// <summary>YamlDotNet puts the place into the message; ours has one already.</summary>
    private static string WithoutPlace(YamlException broken)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"({broken.Start}) - ({broken.End}): ");
        return broken.Message.Replace(place, "", StringComparison.Ordinal);
    }
}
