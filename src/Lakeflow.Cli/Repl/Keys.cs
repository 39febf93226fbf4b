using System.Runtime.InteropServices;

namespace Lakeflow.Cli.Repl;

/// <summary>The keys of a person, and word of a terminal that was given another size, or of something to tell.</summary>
internal sealed class Keys : IDisposable
{
    /// <summary>Stands for a key when the terminal has another size, or there is something to tell: whoever reads it draws again.</summary>
    public static readonly ConsoleKeyInfo Redraw = new('\0', ConsoleKey.NoName, false, false, false);

    private readonly PosixSignalRegistration? resizing;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ConsoleKeyInfo>? pending;

    public Keys()
    {
        // Windows has no such signal; there the size is looked at whenever something is drawn.
        if (!OperatingSystem.IsWindows()) resizing = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Wake());
    }

    /// <summary>Whoever waits for a key is to draw again. From any thread.</summary>
    public void Wake() => Volatile.Read(ref changed).TrySetResult();

    /// <summary>The next key, or <see cref="Redraw"/>; null if the terminal is gone, or stopped first.</summary>
    /// <remarks>Reading blocks and takes no token. A read that was given up goes on in the background, and its key is the next one.</remarks>
    public ConsoleKeyInfo? Next(CancellationToken stop)
    {
        var change = Volatile.Read(ref changed);
        try
        {
            pending ??= Task.Run(() => Console.ReadKey(intercept: true), CancellationToken.None);
            if (Task.WaitAny([pending, change.Task], stop) == 1)
            {
                Volatile.Write(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                return Redraw;
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
