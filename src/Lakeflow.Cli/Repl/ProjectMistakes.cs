using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Repl;

/// <summary>What is wrong in the texts of the project that a prompt is over. It is no reason not to open it: what is right can be queried.</summary>
internal static class ProjectMistakes
{
    /// <summary>More than these are only counted.</summary>
    private const int Most = 3;

    /// <summary>The first mistakes as they are told elsewhere, and how many there are; empty if there are none.</summary>
    public static string Of(Project project, Terminal terminal)
    {
        var bag = new DiagnosticBag();
        // As 'lakeflow validate' has it: without the sources' files, the lock file knows their columns.
        var locked = SchemaLock.Of(project, bag);
        var compiled = Session.Of(project, cache: null).Check(catalog: locked is null ? null : new LockedCatalog(locked));
        var mistakes = bag.ToImmutable().Concat(compiled.Diagnostics).Where(d => d.IsError).ToList();
        if (mistakes.Count == 0) return "";
        using var text = new StringWriter();
        (terminal with { Error = text }).Tell(mistakes.Take(Most), compiled.Sources);
        text.WriteLine((mistakes.Count, mistakes.Count - Most) switch
        {
            (1, _) => "This mistake is in the project; what it does not touch can be queried.",
            (var all, <= 0) => $"These {all} mistakes are in the project; what they do not touch can be queried.",
            (var all, var more) => $"The project has {all} mistakes, these and {more} more ('lakeflow validate' lists them); what they do not touch can be queried.",
        });
        return text.ToString();
    }
}
