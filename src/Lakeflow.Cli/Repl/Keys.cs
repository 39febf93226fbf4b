using System.Runtime.InteropServices;

namespace Lakeflow.Cli.Repl;

/// <summary>The keys of a person, and word of a terminal that was given another size.</summary>
internal sealed class Keys : IDisposable
{
    /// <summary>Stands for a key when the terminal has another size: whoever reads it draws again.</summary>
    public static readonly ConsoleKeyInfo Resized = new('\0', ConsoleKey.NoName, false, false, false);

    private readonly PosixSignalRegistration? resizing;
    private TaskCompletionSource resized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ConsoleKeyInfo>? pending;

    public Keys()
    {
        // Windows has no such signal; there the size is looked at whenever something is drawn.
        if (!OperatingSystem.IsWindows()) resizing = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Volatile.Read(ref resized).TrySetResult());
    }

    /// <summary>The next key, or <see cref="Resized"/>; null if the terminal is gone, or stopped first.</summary>
    /// <remarks>Reading blocks and takes no token. A read that was given up goes on in the background, and its key is the next one.</remarks>
    public ConsoleKeyInfo? Next(CancellationToken stop)
    {
        var change = Volatile.Read(ref resized);
        try
        {
            pending ??= Task.Run(() => Console.ReadKey(intercept: true), CancellationToken.None);
            if (Task.WaitAny([pending, change.Task], stop) == 1)
            {
                Volatile.Write(ref resized, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                return Resized;
            }

            var read = pending;
            pending = null;
            return read.GetAwaiter().GetResult();
        }
        catch (Exception gone) when (gone is InvalidOperationException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => resizing?.Dispose();
}
