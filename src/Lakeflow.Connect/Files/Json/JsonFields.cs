using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Lakeflow.Connect.Files.Json;

/// <summary>Finds the wanted fields of an object: where the value of each stands. One pass, the rest is skipped.</summary>
/// <remarks>A name that comes twice: the last wins. Names match exactly, else in another case, unless that other spelling stands there too.</remarks>
internal sealed class JsonFields
{
    private const int MostExpected = 4096;

    private readonly JsonOptions options;
    private readonly Dictionary<byte[], int> exact;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> exactly;
    private readonly Dictionary<string, int> loose = new(StringComparer.OrdinalIgnoreCase);
    private readonly JsonText text = new();
    private readonly Slot[] slots;
    private readonly List<(int NameStart, int NameEnd, int Start, int End)> unknown = [];
    private Expected[] order = new Expected[8];
    private int ordered;
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
            int slot, nameStart, nameEnd;
            bool isExact;
            // Records of a file mostly have the same fields in the same order: look for the one that stood here last time.
            if (place < ordered && order[place].Quoted && scanner.TryPass(in order[place].Name))
            {
                ref var expected = ref order[place];
                (slot, isExact) = (expected.Slot, expected.Exact);
                nameEnd = scanner.Position - 2;
                nameStart = scanner.Position - expected.Name.Length + 1;
            }
            else
            {
                if (!scanner.TryName(out var name, out var escaped)) return false;
                nameStart = Offset(scanner.Text, name);
                nameEnd = nameStart + name.Length;
                slot = Find(place, name, escaped, nameStart > 0 && scanner.Text[nameStart - 1] == '"', out isExact);
            }

            if (!scanner.TrySkip(out var kind, out var start)) return false;
            if (slot >= 0 || ListsUnknown) Note(slot, isExact, kind, (nameStart, nameEnd, start, scanner.Position));
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

    private void Note(int field, bool isExact, JsonKind kind, in (int NameStart, int NameEnd, int Start, int End) place)
    {
        if (field >= 0)
        {
            ref var slot = ref slots[field];
            var taken = slot.Record == record;
            if (!taken || isExact || !slot.Exact)
            {
                if (taken && isExact && !slot.Exact) AddUnknown((slot.NameStart, slot.NameEnd, slot.Start, slot.End));
                slot = new Slot(record, kind, isExact, place.Start, place.End, place.NameStart, place.NameEnd);
                return;
            }
        }

        AddUnknown(place);
    }

    private void AddUnknown(in (int NameStart, int NameEnd, int Start, int End) place)
    {
        if (ListsUnknown) unknown.Add(place);
    }

    private static int Offset(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part) =>
        (int)System.Runtime.CompilerServices.Unsafe.ByteOffset(
            ref System.Runtime.InteropServices.MemoryMarshal.GetReference(text), ref System.Runtime.InteropServices.MemoryMarshal.GetReference(part));

    /// <summary>The field that a name means, which is looked for first in the next record.</summary>
    private int Find(int place, ReadOnlySpan<byte> name, bool escaped, bool quoted, out bool isExact)
    {
        var meant = escaped ? text.Unescape(name) : name;
        var slot = -1;
        isExact = exactly.TryGetValue(meant, out var found);
        if (isExact) slot = found;
        else if (!options.CaseSensitive && loose.TryGetValue(Encoding.UTF8.GetString(meant), out found)) slot = found;
        if (place > ordered || place >= MostExpected) return slot;
        if (place == order.Length) Array.Resize(ref order, order.Length * 2);
        order[place] = new Expected(new JsonName(name), quoted, slot, isExact);
        ordered = Math.Max(ordered, place + 1);
        return slot;
    }

    private readonly struct Expected(JsonName name, bool quoted, int slot, bool exact)
    {
        /// <summary>The name that stood at a place among the fields.</summary>
        public readonly JsonName Name = name;

        /// <summary>True if it stood in double quotes: only then it may be looked for as it is.</summary>
        public readonly bool Quoted = quoted;

        /// <summary>The wanted field that it means, or -1.</summary>
        public readonly int Slot = slot;

        /// <summary>True if it is that field's very name.</summary>
        public readonly bool Exact = exact;
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
