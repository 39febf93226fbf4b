namespace Lakeflow.Sdk;

/// <summary>Writes <c>lakeflow.lock.json</c> from the files and tables that are there now: <c>dotnet build -t:LakeflowSnapshot</c>.</summary>
public sealed class LakeflowSnapshot : PipelineTask
{
    public override bool Execute()
    {
        using var worker = Worker.Start(DotNet, CompilerFolder, forParts: false);
        worker.Ask(Requests.Snapshot, Properties);
        worker.Listen(Log);
        return !Log.HasLoggedErrors;
    }
}
