using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>What expressions ask of the flow's class: where errors stand, and what subqueries gave.</summary>
internal sealed class FlowMembers(PhysicalFlow flow, bool variants)
{
    private readonly List<(SourceSpan At, string Sql)> sites = [];

    private readonly NameScope variables = new("run", "worker", "rows", "fault");
    private readonly Dictionary<Stage, string> byStage = new(ReferenceEqualityComparer.Instance);

    public PhysicalFlow Flow => flow;

    /// <summary><see cref="CompileOptions.Variants"/>.</summary>
    public bool Variants => variants;

    /// <summary>The local of the flow's method that holds what a stage gathered.</summary>
    public string Variable(Stage stage)
    {
        if (!byStage.TryGetValue(stage, out var name)) byStage.Add(stage, name = variables.New(CSharpName.From(stage.Name)));
        return name;
    }

    public IReadOnlyList<(SourceSpan At, string Sql)> Sites => sites;

    /// <summary>A local of the flow's method.</summary>
    public string NewVariable(string wish) => variables.New(CSharpName.From(wish));

    /// <summary>The number of a place where a kernel can fail.</summary>
    public int Site(Expr expr) => Site(expr.Origin, expr.ToString());

    public int Site(SourceSpan at, string sql)
    {
        var site = (at, sql);
        var known = sites.IndexOf(site);
        if (known >= 0) return known;
        sites.Add(site);
        return sites.Count - 1;
    }
}

/// <summary>Fields and methods that a segment's code asks for while it is written.</summary>
internal sealed class ClassMembers(FlowMembers flow, NameScope names)
{
    private readonly List<string> fields = [];
    private readonly List<CodeWriter> methods = [];
    private readonly Dictionary<string, string> byContent = new(StringComparer.Ordinal);

    public FlowMembers Flow => flow;

    public NameScope Names => names;

    public bool UsesScratch { get; private set; }

    public bool UsesConstants { get; private set; }

    /// <summary>What the constructor takes beside the run and the sink: type and name.</summary>
    public List<(string Type, string Name)> Parameters { get; } = [];

    public IEnumerable<string> Fields => fields;

    public IEnumerable<CodeWriter> Methods => methods;

    /// <summary>A field; one for equal declarations.</summary>
    /// <param name="modifiersAndType"><c>private static readonly LikePattern</c>.</param>
    /// <param name="wish">The name it would like.</param>
    /// <param name="value">Its initializer.</param>
    /// <param name="shared">False if each call wants a field of its own.</param>
    /// <param name="owner">Whose field it is, where equal declarations of two owners are two fields.</param>
    public string Field(string modifiersAndType, string wish, string? value, bool shared = true, string? owner = null)
    {
        var content = $"{modifiersAndType} = {value} {owner}";
        if (!shared) content += " " + fields.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (value is not null && byContent.TryGetValue(content, out var name)) return name;
        name = names.New(wish);
        fields.Add(value is null ? $"{modifiersAndType} {name};" : $"{modifiersAndType} {name} = {value};");
        if (value is not null) byContent.Add(content, name);
        return name;
    }

    public void Method(CodeWriter method) => methods.Add(method);

    /// <summary>A parameter of the class's constructor, given by the flow's method under the same name.</summary>
    public string Parameter(string type, string name)
    {
        if (!Parameters.Contains((type, name))) Parameters.Add((type, name));
        return name;
    }

    /// <summary>The rows of a subquery.</summary>
    public string SubqueryRows(SubqueryStage stage) => Parameter("RecordBatch", flow.Variable(stage));

    /// <summary>The values of a subquery below IN.</summary>
    public string SubquerySet(SubqueryStage stage) => Parameter("ValueSet", flow.Variable(stage) + "Values");

    public string Scratch()
    {
        UsesScratch = true;
        return "ref scratch";
    }

    public string Constants()
    {
        UsesConstants = true;
        return "constants";
    }
}
