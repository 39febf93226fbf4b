namespace Lakeflow.Cli.Repl;

/// <summary>Reading blocks and takes no token; who is told to end must not wait for another key or line.</summary>
internal static class Waiting
{
    /// <exception cref="OperationCanceledException">Stopped first; the read is left behind on a background thread.</exception>
    public static T For<T>(Func<T> read, CancellationToken stop)
    {
        var reading = Task.Run(read, CancellationToken.None);
        Task.WaitAny([reading], stop);
        return reading.GetAwaiter().GetResult();
    }
}
