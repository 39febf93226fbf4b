using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Testing;

/// <summary>A <c>.test</c> file: what files arrive, when the pipeline is updated, and what its tables hold then.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Name">Its <c># name:</c>, or the file's.</param>
/// <param name="Text">The blocks it was read from.</param>
/// <param name="Steps">In their order, one a block.</param>
public sealed record PipelineTest(string Path, string Name, BlockFile Text, ImmutableArray<TestStep> Steps)
{
    public const string Extension = ".test";

    /// <summary>The tests of a project: all <c>.test</c> files below its folder, hidden folders, the lakehouse and build output left out.</summary>
    /// <param name="project">The project.</param>
    /// <param name="bag">Takes LF0040 for steps that nobody understands.</param>
    public static ImmutableArray<PipelineTest> Find(Project project, DiagnosticBag bag) =>
        [.. SourceGlob.Below(project.Root, project.Settings.Lakehouse)
            .Where(f => f.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(f => Read(f, System.IO.Path.GetRelativePath(project.Root, f).Replace('\\', '/'), bag))];

    /// <summary>Reads one file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="shown">The path as messages name it.</param>
    /// <param name="bag">Takes LF0040.</param>
    public static PipelineTest Read(string path, string shown, DiagnosticBag bag)
    {
        var text = BlockFile.Read(path);
        var steps = ImmutableArray.CreateBuilder<TestStep>(text.Blocks.Count);
        foreach (var block in text.Blocks)
        {
            if (StepOf(block) is { } step) steps.Add(step);
            else bag.Add(TestErrors.UnknownStep(new SourceSpan(shown, block.Line, 1, block.Line, 1 + string.Join(' ', block.Head).Length), block.Head[0]));
        }

        return new PipelineTest(path, text.Name.Length > 0 ? text.Name : System.IO.Path.GetFileNameWithoutExtension(path), text, steps.ToImmutable());
    }

    private static TestStep? StepOf(Block block) => block.Head switch
    {
        ["file", var path] => new WriteFile(block, path),
        ["copy", var from, var to] => new CopyFile(block, from, to),
        ["remove", var path] => new RemoveFile(block, path),
        ["set", var setting] when setting.IndexOf('=', StringComparison.Ordinal) > 0 => new SetConfiguration(block, setting),
        ["update", "error", var code] => new Update(block, [], [], false, false, code),
        ["update", .. var options] => UpdateOf(block, options),
        ["query", "error", var code] => new Query(block, false, code),
        ["query"] => new Query(block, false, null),
        ["query", "rowsort"] => new Query(block, true, null),
        ["changes", var table] => new Changes(block, table),
        _ => null,
    };

    private static Update? UpdateOf(Block block, string[] options)
    {
        var update = new Update(block, [], [], false, false, null);
        for (var i = 0; i < options.Length; i++)
        {
            var names = i + 1 < options.Length ? options[i + 1].Split(',').ToImmutableArray() : [];
            switch (options[i])
            {
                case "--refresh" when names.Length > 0:
                    update = update with { Refresh = names };
                    i++;
                    break;
                case "--full-refresh" when names.Length > 0:
                    update = update with { FullRefresh = names };
                    i++;
                    break;
                case "--full-refresh-all":
                    update = update with { FullRefreshAll = true };
                    break;
                case "--reset-flow" when names.Length > 0:
                    update = update with { ResetFlows = names };
                    i++;
                    break;
                case "--yes":
                    update = update with { LoseRows = true };
                    break;
                default:
                    return null;
            }
        }

        return update;
    }
}
