using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Tests.Breakers;

public sealed class MemoryBudgetTests
{
    private static readonly SpillFolder Folder = new("unused");

    [Fact]
    public void One_breaker_may_take_all()
    {
        var budget = new MemoryBudget(1000, Folder);
        using var one = budget.Open();
        using var other = budget.Open();
        one.Hold(1000);
        Assert.False(one.IsOver);
        one.Hold(1001);
        Assert.True(one.IsOver);
        Assert.False(other.IsOver);
    }

    [Fact]
    public void Beyond_the_budget_whoever_has_more_than_an_equal_share_gives()
    {
        var budget = new MemoryBudget(1000, Folder);
        using var large = budget.Open();
        using var small = budget.Open();
        large.Hold(800);
        small.Hold(300);
        Assert.True(large.IsOver);
        Assert.False(small.IsOver);
        large.Hold(0);
        Assert.Equal(300, budget.Used);
    }

    [Fact]
    public void What_cannot_be_given_back_leaves_less_to_share()
    {
        var budget = new MemoryBudget(1000, Folder);
        using var table = budget.Open();
        using var groups = budget.Open();
        table.Hold(900);
        table.Pin();
        groups.Hold(99);
        Assert.False(groups.IsOver);
        groups.Hold(101);
        Assert.True(groups.IsOver);
        Assert.False(table.IsOver);
    }

    [Fact]
    public void A_closed_share_holds_nothing()
    {
        var budget = new MemoryBudget(1000, Folder);
        var share = budget.Open();
        share.Hold(500);
        share.Pin();
        share.Dispose();
        share.Dispose();
        Assert.Equal(0, budget.Used);
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("4KB", 4096)]
    [InlineData("1.5 mb", 1572864)]
    [InlineData("2GB", 2147483648)]
    [InlineData("100B", 100)]
    public void Sizes_have_units(string text, long bytes) =>
        Assert.Equal(bytes, MemoryBudget.Of(new Dictionary<string, string> { [MemoryBudget.Setting] = text }, "folder").Bytes);

    [Fact]
    public void Half_of_the_machine_is_the_default() =>
        Assert.Equal(MemoryBudget.Of(new Dictionary<string, string> { [MemoryBudget.Setting] = "50%" }, "folder").Bytes, MemoryBudget.Of(new Dictionary<string, string>(), "folder").Bytes, tolerance: 1 << 20);

    [Theory]
    [InlineData(MemoryBudget.Setting, "a lot")]
    [InlineData(MemoryBudget.Setting, "0")]
    [InlineData(MemoryBudget.Setting, "-1GB")]
    [InlineData(MemoryBudget.Setting, "NaN")]
    [InlineData(MemoryBudget.LimitSetting, "10%")]
    public void What_is_no_size_is_told(string key, string text) =>
        Assert.Equal("LF5024", Assert.Throws<RuntimeError>(() => MemoryBudget.Of(new Dictionary<string, string> { [key] = text }, "folder")).Code);
}
