using Lakeflow.Compiler.Catalog;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>What one run of the binder shares: the outside world, the declarations, and where mistakes go.</summary>
internal sealed class BindingContext(ICatalog catalog, ProjectDefaults defaults, DiagnosticBag bag)
{
    private readonly Dictionary<QualifiedName, Declaration> byName = [];
    private readonly Dictionary<string, Declaration> temporary = new(StringComparer.OrdinalIgnoreCase);

    public ICatalog Catalog { get; } = catalog;

    public ProjectDefaults Defaults { get; } = defaults;

    public DiagnosticBag Bag { get; } = bag;

    /// <summary>All declarations, in order.</summary>
    public List<Declaration> Declarations { get; } = [];

    /// <summary>Flows that were bound, upstream before downstream.</summary>
    public List<Graph.Flow> Flows { get; } = [];

    /// <summary>Datasets whose flows are being bound, outermost first: a second visit is a cycle.</summary>
    public List<Declaration> Path { get; } = [];

    public void Error(Diagnostic diagnostic) => Bag.Add(diagnostic);

    /// <summary>Adds a declaration; the earlier one of that name if there is one.</summary>
    public Declaration? Add(Declaration declaration)
    {
        if (byName.TryGetValue(declaration.Name, out var first)) return first;
        if (declaration.IsTemporaryView)
        {
            if (temporary.TryGetValue(declaration.Name.Name, out first)) return first;
            temporary.Add(declaration.Name.Name, declaration);
        }

        byName.Add(declaration.Name, declaration);
        Declarations.Add(declaration);
        return null;
    }

    /// <summary>The dataset that a name in a query of <paramref name="file"/> means; null if this pipeline declares none.</summary>
    public Declaration? Find(Syntax.NameSyntax name, FileScope file) =>
        name.Parts.Length == 1 && temporary.TryGetValue(name.Last.Text, out var view)
            ? view
            : byName.GetValueOrDefault(file.Qualify(name));

    /// <summary>Names that a query may read, for "did you mean".</summary>
    public IEnumerable<QualifiedName> TableNames => Declarations.Select(d => d.Name).Concat(Catalog.Tables);
}
