using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.CommandLine;

namespace Lakeflow.Runtime.Tests.CommandLine;

public sealed class ExplanationTests
{
    [Fact]
    public void What_is_written_is_read_whatever_stands_in_the_texts() => Prop.ForAll<NonNull<string>[]>(texts =>
    {
        var all = texts.Select(t => new Explanation(t.Get, "1\n", t.Get + "\n7\n", "", "\n", t.Get, "ø\u001e\r\n")).ToList();
        Assert.Equal(all, Explanation.Read(Explanation.Write(all)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_assembly_without_explanations_has_none() => Assert.Empty(Explanation.In(typeof(ExplanationTests).Assembly));
}
