using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>Shows an update while it runs. Events come from any thread; disposing leaves the last state on the screen.</summary>
public interface IProgressView : IProgress<UpdateEvent>, IDisposable
{
}
