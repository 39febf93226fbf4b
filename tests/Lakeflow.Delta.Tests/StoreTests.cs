using System.Globalization;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class StoreTests
{
    public static TheoryData<bool> Both => [true, false];

    [Theory]
    [MemberData(nameof(Both))]
    public void An_object_is_made_once(bool local)
    {
        using var folder = new TempFolder();
        var store = Make(local, folder);
        Assert.True(store.PutIfAbsent("a/b.json", "first"u8));
        Assert.False(store.PutIfAbsent("a/b.json", "second"u8));
        Assert.Equal("first", Encoding.UTF8.GetString(store.ReadAll("a/b.json")));
        Assert.Single(store.List(""));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_listing_is_sorted_and_begins_where_it_is_told_to(bool local)
    {
        using var folder = new TempFolder();
        var store = Make(local, folder);
        foreach (var path in new[] { "log/2", "log/10", "log/a/1", "log/1", "other" }) store.Put(path, "x"u8);
        Assert.Equal(["log/1", "log/10", "log/2", "log/a/1"], store.List("log/").Select(o => o.Path));
        Assert.Equal(["log/2", "log/a/1"], store.List("log/", "log/10").Select(o => o.Path));
        Assert.Empty(store.List("nothing/"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_stream_becomes_an_object_and_never_replaces_one(bool local)
    {
        using var folder = new TempFolder();
        var store = Make(local, folder);
        using (var stream = store.OpenWrite("x/data")) stream.Write("12345"u8);
        Assert.Equal(5, store.Head("x/data")!.Size);
        using (var read = store.OpenRead("x/data"))
        {
            var part = new byte[2];
            read.Read(3, part);
            Assert.Equal("45", Encoding.UTF8.GetString(part));
        }

        Assert.Throws<DataFault>(() =>
        {
            using var again = store.OpenWrite("x/data");
            again.Write("6"u8);
        });
        store.Delete("x/data");
        store.Delete("x/data");
        Assert.Null(store.Head("x/data"));
        Assert.Equal("LF6060", Assert.Throws<DataFault>(() => store.ReadAll("x/data")).Code);
    }

    [Fact]
    public void A_relative_path_cannot_leave_the_table()
    {
        using var folder = new TempFolder("table");
        Assert.Equal("LF6060", Assert.Throws<DataFault>(() => new LocalStore(folder.Path).ReadAll("../secret")).Code);
    }

    [Fact]
    public void Nothing_is_left_beside_a_commit_won_or_lost()
    {
        using var folder = new TempFolder();
        var store = new LocalStore(folder.Path);
        store.PutIfAbsent("log/1", "x"u8);
        store.PutIfAbsent("log/1", "y"u8);
        store.Put("log/1", "z"u8);
        Assert.Equal(["1"], Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, "log")).Select(Path.GetFileName));
    }

    [Fact]
    public void Of_eight_processes_exactly_one_wins_each_version()
    {
        const int Processes = 8;
        const int Versions = 150;
        using var folder = new TempFolder();
        var racers = Enumerable.Range(0, Processes).Select(i => TestProcess.Start("race", folder.Path, $"racer-{i}", Versions.ToString(CultureInfo.InvariantCulture))).ToList();
        try
        {
            foreach (var racer in racers) Assert.Equal("ready", racer.StandardOutput.ReadLine());
            foreach (var racer in racers) racer.StandardInput.WriteLine();
            var won = racers.Select(r => r.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
            Assert.Equal(
                Enumerable.Range(0, Versions),
                won.SelectMany(w => w).Select(v => int.Parse(v, CultureInfo.InvariantCulture)).Order());
            var store = new LocalStore(folder.Path);
            for (var racer = 0; racer < Processes; racer++)
            {
                Assert.All(won[racer], v => Assert.Equal($"racer-{racer}", Encoding.UTF8.GetString(store.ReadAll($"_delta_log/{v.PadLeft(20, '0')}.json"))));
            }

            Assert.Equal(Versions, store.List("").Count());
        }
        finally
        {
            foreach (var racer in racers)
            {
                if (!racer.HasExited) racer.Kill();
                racer.Dispose();
            }
        }
    }

    private static IObjectStore Make(bool local, TempFolder folder) => local ? new LocalStore(folder.Path) : new MemoryStore();
}
