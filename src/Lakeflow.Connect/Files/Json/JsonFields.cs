using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Lakeflow.Connect.Files.Json;

/// <summary>Finds the wanted fields of an object: where the value of each stands. One pass, the rest is skipped.</summary>
/// <remarks>A name that comes twice: the last wins. Names match exactly, else in another case, unless that other spelling stands there too.</remarks>
internal sealed class JsonFields
{
    private readonly JsonOptions options;
    private readonly Dictionary<byte[], int> exact;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> exactly;
    private readonly Dictionary<string, int> loose = new(StringComparer.OrdinalIgnoreCase);
    private readonly JsonText text = new();
    private readonly List<(byte[] Name, int Slot, bool Exact)> order = [];
    private readonly Slot[] slots;
    private readonly List<(int NameStart, int NameEnd, int Start, int End)> unknown = [];
    private int record;

    /// <param name="names">The wanted fields.</param>
    /// <param name="options">Leniencies.</param>
    public JsonFields(IReadOnlyList<string> names, JsonOptions options)
    {
        this.options = options;
        exact = new Dictionary<byte[], int>(BytesComparer.Instance);
        exactly = exact.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (var i = 0; i < names.Count; i++)
        {
            exact.TryAdd(Encoding.UTF8.GetBytes(names[i]), i);
            loose.TryAdd(names[i], i);
        }

        slots = new Slot[names.Count];
    }

    /// <summary>Fields that nobody wants, of the last object: where name (without quotes, raw) and value stand.</summary>
    public List<(int NameStart, int NameEnd, int Start, int End)> Unknown => unknown;

    /// <summary>True to list <see cref="Unknown"/>.</summary>
    public bool ListsUnknown { get; init; }

    /// <summary>Passes an object whose opening brace comes next, and notes its fields.</summary>
    public bool Scan(ref JsonScanner scanner)
    {
        record++;
        unknown.Clear();
        if (!scanner.Expect((byte)'{', "an object is expected") || !scanner.Enter()) return false;
        if (scanner.Peek() == '}')
        {
            scanner.Position++;
            scanner.Leave();
            return true;
        }

        for (var place = 0; ; place++)
        {
            if (!scanner.TryName(out var name, out var escaped)) return false;
            var slot = Find(place, name, escaped, out var isExact);
            if (!scanner.TrySkip(out var kind, out var start)) return false;
            Note(slot, isExact, kind, start, ref scanner, name);
            if (scanner.TryNext((byte)'}', out var closed)) continue;
            scanner.Leave();
            return closed;
        }
    }

    /// <summary>The value of a wanted field in the last object; <see cref="JsonKind.None"/> if it is missing.</summary>
    public JsonKind Value(int field, out int start, out int end)
    {
        ref var slot = ref slots[field];
        (start, end) = (slot.Start, slot.End);
        return slot.Record == record ? slot.Kind : JsonKind.None;
    }

    private void Note(int field, bool isExact, JsonKind kind, int start, ref JsonScanner scanner, ReadOnlySpan<byte> name)
    {
        if (field >= 0)
        {
            ref var slot = ref slots[field];
            var taken = slot.Record == record;
            if (!taken || isExact || !slot.Exact)
            {
                if (taken && isExact && !slot.Exact) AddUnknown(slot.NameStart, slot.NameEnd, slot.Start, slot.End);
                var nameStart = Offset(scanner.Text, name);
                slot = new Slot(record, kind, isExact, start, scanner.Position, nameStart, nameStart + name.Length);
                return;
            }
        }

        var at = Offset(scanner.Text, name);
        AddUnknown(at, at + name.Length, start, scanner.Position);
    }

    private void AddUnknown(int nameStart, int nameEnd, int start, int end)
    {
        if (ListsUnknown) unknown.Add((nameStart, nameEnd, start, end));
    }

    private static int Offset(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part) =>
        (int)System.Runtime.CompilerServices.Unsafe.ByteOffset(
            ref System.Runtime.InteropServices.MemoryMarshal.GetReference(text), ref System.Runtime.InteropServices.MemoryMarshal.GetReference(part));

    private int Find(int place, ReadOnlySpan<byte> name, bool escaped, out bool isExact)
    {
        // Records of a file mostly have the same fields in the same order: compare with the one that stood here last time.
        if (place < order.Count && name.SequenceEqual(order[place].Name))
        {
            isExact = order[place].Exact;
            return order[place].Slot;
        }

        var meant = escaped ? text.Unescape(name) : name;
        var slot = -1;
        isExact = exactly.TryGetValue(meant, out var found);
        if (isExact) slot = found;
        else if (!options.CaseSensitive && loose.TryGetValue(Encoding.UTF8.GetString(meant), out found)) slot = found;
        if (place < order.Count) order[place] = (name.ToArray(), slot, isExact);
        else if (order.Count < 4096) order.Add((name.ToArray(), slot, isExact));
        return slot;
    }

    private readonly record struct Slot(int Record, JsonKind Kind, bool Exact, int Start, int End, int NameStart, int NameEnd);

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] bytes) => GetHashCode(bytes.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
