using System.Globalization;
using System.Text;

namespace Lakeflow.Delta.Tests;

/// <summary>The test assembly as a program of its own, for tests that need processes to race or to die.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["race", var folder, var name, var versions]:
                Race(new LocalStore(folder), name, int.Parse(versions, CultureInfo.InvariantCulture));
                return 0;
            case ["append", var folder]:
                Append(new LocalStore(folder));
                return 0;
            default:
                return 2;
        }
    }

    /// <summary>Begins at a line on standard input; prints the versions it won.</summary>
    private static void Race(LocalStore store, string name, int versions)
    {
        Console.WriteLine("ready");
        Console.ReadLine();
        for (var version = 0; version < versions; version++)
        {
            if (store.PutIfAbsent(LogNames.Commit(version), Encoding.UTF8.GetBytes(name))) Console.WriteLine(version);
        }
    }

    /// <summary>Appends ten rows after ten rows until it is killed; step n has the ids from 10 n on. Prints a line now and then.</summary>
    private static void Append(LocalStore store)
    {
        if (!Snapshot.TryOpen(store, out var snapshot)) snapshot = Transaction.Create(store, new TableDefinition(Tables.Orders)).Commit("CREATE TABLE").Snapshot;
        while (true)
        {
            var step = snapshot.Txns.TryGetValue("append", out var last) ? last.Version + 1 : 0;
            var transaction = Transaction.Begin(snapshot);
            Console.WriteLine(step);
            using (var writer = transaction.OpenWriter())
            {
                writer.Write(Tables.OrdersFrom(step * 10, 10));
                transaction.Add(writer.Finish());
            }

            Console.WriteLine(step);
            transaction.SetTxn("append", step);
            snapshot = transaction.Commit("WRITE").Snapshot;
        }
    }
}
