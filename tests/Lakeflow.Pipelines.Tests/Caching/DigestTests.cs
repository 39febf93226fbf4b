using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;

namespace Lakeflow.Pipelines.Tests.Caching;

/// <summary>The digest of the plan cache is SHA-256.</summary>
public sealed class DigestTests
{
    [Fact]
    public void It_is_what_the_system_computes_for_any_bytes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), content => Digest.Of(content).AsSpan().SequenceEqual(SHA256.HashData(content))).QuickCheckThrowOnFailure();

    [Fact]
    public void It_is_right_at_each_length_around_the_ends_of_blocks()
    {
        for (var length = 0; length < 300; length++)
        {
            var content = Enumerable.Range(0, length).Select(i => (byte)(i * 7 + length)).ToArray();
            Assert.Equal(SHA256.HashData(content), Digest.Of(content));
        }
    }

    [Fact]
    public void Texts_that_are_cut_elsewhere_have_another_digest() =>
        Assert.Equal(4, new[] { PlanCache.KeyOf(["ab", "c"]), PlanCache.KeyOf(["a", "bc"]), PlanCache.KeyOf(["abc"]), PlanCache.KeyOf(["abc", ""]) }.Distinct().Count());
}
