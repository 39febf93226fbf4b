namespace Lakeflow.Cli;

/// <summary>Where Ctrl-C goes: to the whole command, or at a prompt to the statement that runs.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource command = new();
    private readonly Lock gate = new();
    private CancellationTokenSource? statement;
    private bool isPrompt;
    private bool isEarly;
    private bool isOver;

    /// <summary>Set when the command is to end.</summary>
    public CancellationToken Command => command.Token;

    /// <summary>A prompt waits for a line: from now on Ctrl-C is for statements. What is pressed between Enter and a statement's start ends that statement.</summary>
    public void AwaitLine()
    {
        lock (gate) (isPrompt, isEarly) = (true, false);
    }

    /// <summary>Ctrl-C. It ends what runs, between two batches; false says that it was the second for a whole command, which ends the process.</summary>
    public bool Interrupt()
    {
        lock (gate)
        {
            if (statement is null && isPrompt)
            {
                isEarly = true;
                return true;
            }

            if (isOver || (statement is null && command.IsCancellationRequested)) return false;
            // At a prompt an impatient second one is meant for the statement, too.
            (statement ?? command).Cancel();
            return true;
        }
    }

    /// <summary>Ends the command, whatever runs.</summary>
    public void End()
    {
        lock (gate)
        {
            // A signal may come while the process is already ending.
            if (isOver) return;
            statement?.Cancel();
            command.Cancel();
        }
    }

    /// <summary>Runs a statement, which Ctrl-C ends without ending the command.</summary>
    public T Run<T>(Func<CancellationToken, T> work)
    {
        using var own = new CancellationTokenSource();
        lock (gate)
        {
            statement = own;
            if (isEarly) own.Cancel();
            isEarly = false;
        }

        try
        {
            return work(own.Token);
        }
        finally
        {
            lock (gate) statement = null;
        }
    }

    public void Dispose()
    {
        lock (gate) isOver = true;
        command.Dispose();
    }
}
