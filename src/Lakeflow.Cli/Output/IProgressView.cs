using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Output;

/// <summary>Shows an update while it runs. Events come from any thread; disposing leaves the last state on the screen.</summary>
internal interface IProgressView : IProgress<UpdateEvent>, IDisposable
{
}
