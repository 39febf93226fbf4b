using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Microsoft.Build.Framework;

namespace Lakeflow.Sdk;

/// <summary>Writes <c>lakeflow.lock.json</c> from the files and tables that are there now: <c>dotnet build -t:LakeflowSnapshot</c>.</summary>
public sealed class LakeflowSnapshot : PipelineTask
{
    protected override void Run(Project project, DiagnosticBag bag)
    {
        var schemas = SchemaLock.Take(Session.Of(project, cache: null), out var compiled, Functions());
        bag.AddRange(compiled.Diagnostics);
        if (schemas is null) return;
        var isNew = LockFile.Save(project, schemas);
        Log.LogMessage(MessageImportance.High, "{0} {1}: {2} source(s).", isNew ? "Wrote" : "Nothing changed in", LockFile.PathOf(project), schemas.Sources.Length);
    }
}
