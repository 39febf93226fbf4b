using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>approx_count_distinct</c>: exact to 4,096 values, above that by HyperLogLog with 4,096 registers (standard error 1.6 %).</summary>
public sealed class ApproxCountDistinctAggregate : IObjectAggregate
{
    private const int Bits = 12;
    private const int Registers = 1 << Bits;

    private HashSet<ulong>? hashes = [];
    private byte[] ranks = [];

    public static IObjectAggregate Create(AggregateContext context) => new ApproxCountDistinctAggregate();

    public void Add(object? value, object? second, int site)
    {
        if (value is not null) AddHash(SparkHash.XxHash64Of(value, 42));
    }

    public void Merge(IObjectAggregate other, int site)
    {
        var later = (ApproxCountDistinctAggregate)other;
        if (later.hashes is not null)
        {
            foreach (var hash in later.hashes) AddHash(hash);
            return;
        }

        AddRanks(later.ranks);
    }

    public object? Result(int site)
    {
        if (hashes is not null) return (long)hashes.Count;
        double sum = 0;
        var empty = 0;
        foreach (var rank in ranks)
        {
            sum += Math.ScaleB(1, -rank);
            empty += rank == 0 ? 1 : 0;
        }

        var estimate = 0.7213 / (1 + (1.079 / Registers)) * Registers * Registers / sum;
        // Few values leave registers empty; counting those is more exact then.
        if (estimate <= 2.5 * Registers && empty > 0) estimate = Registers * Math.Log((double)Registers / empty);
        return (long)Math.Round(estimate);
    }

    /// <summary>What was seen, to be kept for years: a byte 0 and the hashes, 8 bytes each with the lowest first; or a byte 1 and the registers.</summary>
    internal byte[] Sketch()
    {
        if (hashes is null) return [1, .. ranks];
        var bytes = new byte[1 + (hashes.Count * sizeof(ulong))];
        var at = 1;
        foreach (var hash in hashes.Order())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), hash);
            at += sizeof(ulong);
        }

        return bytes;
    }

    /// <summary>Adds what a <see cref="Sketch"/> has seen.</summary>
    internal void Add(ReadOnlySpan<byte> sketch)
    {
        if (sketch[0] == 1)
        {
            AddRanks(sketch[1..]);
            return;
        }

        for (var at = 1; at < sketch.Length; at += sizeof(ulong)) AddHash(BinaryPrimitives.ReadUInt64LittleEndian(sketch[at..]));
    }

    private void AddRanks(ReadOnlySpan<byte> others)
    {
        Spill();
        for (var i = 0; i < Registers; i++) ranks[i] = Math.Max(ranks[i], others[i]);
    }

    private void AddHash(ulong hash)
    {
        if (hashes is not null)
        {
            hashes.Add(hash);
            if (hashes.Count > Registers) Spill();
            return;
        }

        ref var rank = ref ranks[(int)(hash >> (64 - Bits))];
        rank = Math.Max(rank, (byte)(System.Numerics.BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1));
    }

    private void Spill()
    {
        if (hashes is null) return;
        var all = hashes;
        hashes = null;
        ranks = new byte[Registers];
        foreach (var hash in all) AddHash(hash);
    }

    public void Write(SpillWriter to)
    {
        to.Put(hashes is not null);
        to.PutBytes(hashes is null ? ranks : MemoryMarshal.AsBytes<ulong>(hashes.ToArray()));
    }

    public void Read(SpillReader from)
    {
        if (from.Get<bool>())
        {
            foreach (var hash in MemoryMarshal.Cast<byte, ulong>(from.GetBytes())) AddHash(hash);
            return;
        }

        hashes = null;
        ranks = from.GetBytes().ToArray();
    }
}
