using System.Globalization;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>What an update's rows come from, at one moment: equal states, nothing to do.</summary>
/// <param name="Texts">Hash of the project file and of the sources' texts.</param>
/// <param name="Data">Hash of the files and tables that the sources read, by path, size and time, or version.</param>
public sealed record InputState(string Texts, string Data)
{
    /// <param name="start">Where the project was looked for.</param>
    /// <param name="session">The project; null where it could not be opened.</param>
    /// <param name="prepared">Names the files and tables; null where it did not come so far.</param>
    public static InputState Of(string start, Session? session, PreparedPipeline? prepared)
    {
        // Content, not times: an editor may write a text twice within a tick of the clock.
        var files = Project.FilesAbove(start).SelectMany(f => new[] { f, TextOf(f) });
        var sources = session is null ? [] : TextsOf(session.Project!);
        var data = session is null || prepared is null ? [] : prepared.Asked.SelectMany(q => PartsOf(session, q));
        return new InputState(PlanCache.KeyOf([.. files, "sources", .. sources]), PlanCache.KeyOf(data));
    }

    private static IEnumerable<string> TextsOf(Project project)
    {
        var bag = new DiagnosticBag();
        try
        {
            IEnumerable<string> texts = [.. project.LoadSources(bag).SelectMany(t => new[] { t.File, t.Text })];
            return [.. texts, .. bag.ToImmutable().Select(d => d.ToString())];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // An editor is at it; the next look will tell.
            return ["unreadable"];
        }
    }

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }

    private static IEnumerable<string> PartsOf(Session session, CatalogQuestion question) => question.Kind switch
    {
        CatalogQuestionKind.Files => session.Catalog.List(question.Files!) is { } files
            ? files.SelectMany(f => new[] { f.Path, f.Size.ToString(CultureInfo.InvariantCulture), f.ModifiedTime.ToString(CultureInfo.InvariantCulture) })
            : ["none"],
        CatalogQuestionKind.Table => [VersionOf(session.Lakehouse.Table(new QualifiedName(question.Words[0], question.Words[1], question.Words[2])))],
        CatalogQuestionKind.Folder when session.Catalog.ToLocal(question.Words[0]) is { } folder => [VersionOf(Lakehouse.FolderTable(folder))],
        _ => [],
    };

    private static string VersionOf(IObjectStore store)
    {
        try
        {
            return Snapshot.TryOpen(store, out var snapshot) ? $"{snapshot.Metadata.Id} {snapshot.Version}" : "none";
        }
        catch (Exception fault) when (RunErrors.Wrap(fault) is { } error)
        {
            return error.Message;
        }
    }
}
