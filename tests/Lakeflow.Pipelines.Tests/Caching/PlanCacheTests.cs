using Lakeflow.Compiler.Emit;
using Lakeflow.Pipelines.Tests.Emit;
using static Lakeflow.Pipelines.Tests.Emit.Plan;

namespace Lakeflow.Pipelines.Tests.Caching;

public sealed class PlanCacheTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakeflow-cache").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_second_load_skips_Roslyn()
    {
        var files = Running.Compile(new Lakeflow.Compiler.Plans.Range(0, 3, 1, Column("id", Lakeflow.Arrow.DataType.Int64, false), At));
        var compiler = new RoslynCompiler(PlanCache.At(folder));
        using (var first = compiler.Load(files)) Assert.False(first.FromCache);
        using var second = compiler.Load(files);
        Assert.True(second.FromCache);
        Assert.Equal("clean", second.Pipeline.Info.Flows[0].Name);
    }

    [Fact]
    public void A_damaged_entry_is_not_used()
    {
        var cache = PlanCache.At(folder)!;
        cache.Keep("0123456789", [1, 2, 3]);
        Assert.Equal([1, 2, 3], cache.Find("0123456789"));
        var file = Directory.GetFiles(Path.Combine(folder, "plans")).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(cache.Find("0123456789"));
        Assert.Null(cache.Find("9876543210"));
    }

    [Fact]
    public void The_oldest_entries_make_room_now_and_then()
    {
        const int Entry = 100, Most = 20 * Entry;
        var cache = PlanCache.At(folder, Most)!;
        var largest = 0L;
        var keys = Enumerable.Range(0, 1000).Select(i => PlanCache.KeyOf([$"{i}"])).ToList();
        foreach (var key in keys)
        {
            cache.Keep(key, new byte[Entry]);
            largest = Math.Max(largest, new DirectoryInfo(Path.Combine(folder, "plans")).GetFiles().Sum(f => f.Length));
        }

        Assert.InRange(largest, Most, 500 * Entry);
        Assert.Null(cache.Find(keys[0]));
        Assert.NotNull(cache.Find(keys[^1]));
    }

    [Fact]
    public void The_folder_is_the_user_s_alone()
    {
        Assert.NotNull(PlanCache.At(folder));
        // Windows has no mode bits; there the profile's access list decides.
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(folder, "plans")));
        Assert.Null(PlanCache.At(""));
    }

    [Fact]
    public void A_lakehouse_never_holds_the_cache()
    {
        Assert.Null(PlanCache.Open(folder, folder));
        Assert.Null(PlanCache.Open(Path.Combine(folder, "a", "b"), folder));
        Assert.NotNull(PlanCache.Open(Path.Combine(folder, "..", Path.GetFileName(folder) + "/a"), Path.Combine(folder, "lakehouse")));
        Assert.False(Directory.Exists(Path.Combine(folder, "plans")));
    }

    [Fact]
    public void Text_that_does_not_compile_is_our_fault()
    {
        var fault = Assert.Throws<GeneratedCodeFault>(() => RoslynCompiler.Compile([new GeneratedFile("Bad.g.cs", "class {")]));
        Assert.All(fault.Diagnostics, d => Assert.Equal("LF0001", d.Code));
    }
}
