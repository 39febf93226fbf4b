using System.Runtime.ExceptionServices;

namespace Lakeflow.Runtime.Flows;

/// <summary>Runs the workers of a pass side by side: worker 0 on the calling thread, the others on the pool.</summary>
internal static class WorkerPool
{
    /// <summary>Runs <paramref name="work"/> for items 0 to <paramref name="items"/> − 1: each worker takes the next one when it is done with one.</summary>
    public static void Share(int workers, int items, Action<int> work)
    {
        var next = -1;
        Run(Math.Clamp(items, 1, workers), _ =>
        {
            for (var item = Interlocked.Increment(ref next); item < items; item = Interlocked.Increment(ref next)) work(item);
        });
    }

    /// <summary>Runs <paramref name="work"/> for workers 0 to <paramref name="workers"/> − 1 and waits for all of them.</summary>
    /// <remarks>If several fail, the failure of the lowest worker is thrown: the same input gives the same message.</remarks>
    public static void Run(int workers, Action<int> work)
    {
        var failures = new ExceptionDispatchInfo?[workers];
        using var done = new CountdownEvent(workers);
        for (var worker = 1; worker < workers; worker++)
        {
            var mine = worker;
            ThreadPool.UnsafeQueueUserWorkItem(RunOne, mine, preferLocal: false);
        }

        RunOne(0);
        done.Wait();
        foreach (var failure in failures) failure?.Throw();

        void RunOne(int worker)
        {
            try
            {
                work(worker);
            }
            catch (Exception e)
            {
                failures[worker] = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                done.Signal();
            }
        }
    }
}
