using System.Collections.Immutable;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>Pipeline statements typed at a prompt. Their tables live in a folder of their own, above those of the project, which are only read.</summary>
/// <param name="Folder">The folder of the tables that are typed in.</param>
/// <param name="Texts">One text a statement.</param>
/// <param name="Names">The datasets that the texts declare.</param>
public sealed record LiveDefinitions(string Folder, ImmutableArray<SourceText> Texts, ImmutableArray<QualifiedName> Names)
{
    /// <summary>The tables typed in and what a run remembers in <see cref="Folder"/>; all others where the project has them.</summary>
    internal Lakehouse Over(Project? project)
    {
        if (project is null) return Lakehouse.InFolder(Folder);
        var own = Names.Select(Lakehouse.PathOf).ToHashSet();
        var beneath = project.Settings.Lakehouse;
        return new Lakehouse(Folder, path => new LocalStore(Path.Combine([IsOwn(path) ? Folder : beneath, .. path.Split('/')])));

        bool IsOwn(string path) => own.Contains(path) || path.StartsWith("_lakeflow/", StringComparison.Ordinal);
    }
}
