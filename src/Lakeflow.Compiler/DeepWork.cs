using System.Runtime.ExceptionServices;

namespace Lakeflow.Compiler;

/// <summary>The same work on many things, on all processors, with stacks for deep recursion: text may be nested deeply, and address space is cheap.</summary>
public static class DeepWork
{
    /// <summary>Bytes of a stack that any text the parser takes can be worked on with.</summary>
    public const int StackSize = 256 << 20;

    /// <summary>Below this many things a thread costs more than it saves.</summary>
    private const int Few = 16;

    /// <summary>Each thing's result, in the order of the things. Of exceptions the one of the first thing is thrown.</summary>
    /// <param name="items">What is worked on; the work on one knows nothing of the others.</param>
    /// <param name="work">Called once for each, on any thread. For few things it is the caller's, whose stack must do.</param>
    public static TResult[] Map<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> work)
    {
        var workers = items.Count < Few ? 1 : Math.Min(Environment.ProcessorCount, items.Count / (Few / 2));
        if (workers == 1) return [.. items.Select(work)];

        var results = new TResult[items.Count];
        var faults = new ExceptionDispatchInfo?[items.Count];
        var taken = -1;
        var threads = new Thread[workers];
        for (var i = 0; i < workers; i++)
        {
            threads[i] = new Thread(Work, StackSize) { Name = "compile" };
            threads[i].Start();
        }

        foreach (var thread in threads) thread.Join();
        Array.Find(faults, f => f is not null)?.Throw();
        return results;

        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref taken)) < items.Count;)
            {
                try
                {
                    results[i] = work(items[i]);
                }
                catch (Exception thrown)
                {
                    faults[i] = ExceptionDispatchInfo.Capture(thrown);
                }
            }
        }
    }
}
