using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>The structs that hash tables are specialised by: a field for each part of a key, text as a <c>TextKey</c>.</summary>
internal static class KeyStruct
{
    /// <summary>A part of a key.</summary>
    /// <param name="Name">The field's name.</param>
    /// <param name="Type">Its SQL type.</param>
    /// <param name="Nullable">True if NULL is a value of the part: it has a flag beside it.</param>
    public sealed record Part(string Name, DataType Type, bool Nullable);

    public static string NameOf(FlowMembers flow, JoinStage join) => CSharpName.Pascal(flow.Variable(join)) + "Key";

    public static ImmutableArray<Part> PartsOf(FlowMembers flow, JoinStage join) => Parts(NameOf(flow, join), join.Keys.Select((k, i) => (k.Name, k.Type, join.NullSafe[i])));

    /// <param name="name">The struct's name: no member may have it.</param>
    /// <param name="columns">What the key is made of.</param>
    public static ImmutableArray<Part> Parts(string name, IEnumerable<(string Name, DataType Type, bool Nullable)> columns)
    {
        var names = new NameScope("Hash", "Equal", "HasOrdinal", "Ordinal", "Write", "Read", name) { AvoidsTypes = true };
        return [.. columns.Select(c => new Part(names.New(CSharpName.Pascal(c.Name), c.Nullable ? ["IsNull"] : []), c.Type, c.Nullable))];
    }

    public static bool HasText(JoinStage join) => join.Keys.Any(k => k.Type is StringType or BinaryType);

    /// <param name="spills">True if keys go into files: then texts must be told from what stands in the key itself.</param>
    public static void Write(CodeWriter text, string name, ImmutableArray<Part> parts, bool spills = false)
    {
        using (text.Braces($"private struct {name} : IGroupKey<{name}>"))
        {
            foreach (var part in parts)
            {
                text.Line($"public {FieldType(part.Type)} {part.Name};");
                if (part.Nullable) text.Line($"public bool {part.Name}IsNull;");
            }

            text.Blank();
            if (parts is [{ Type: BooleanType or Int8Type or Int16Type or Int32Type or DateType or YearMonthIntervalType or Int64Type or TimestampType or DayTimeIntervalType or DecimalType { Is64: true } } only])
            {
                text.Line("public static bool HasOrdinal => true;");
                text.Blank();
                var value = only.Type is BooleanType ? $"(key.{only.Name} ? 1L : 0L)" : $"key.{only.Name}";
                text.Line($"public static long Ordinal(in {name} key) => {(only.Nullable ? $"key.{only.Name}IsNull ? long.MinValue : {value}" : value)};");
                text.Blank();
            }

            var hash = parts.IsEmpty ? "0UL" : "";
            foreach (var part in parts)
            {
                var own = part.Nullable ? $"KeyHash.OrNull({HashOf(part)}, key.{part.Name}IsNull)" : HashOf(part);
                hash = hash.Length == 0 ? own : $"KeyHash.Combine({hash}, {own})";
            }

            text.Line($"public static ulong Hash(in {name} key) => {hash};");
            text.Blank();
            var equal = parts.SelectMany(p => p.Nullable ? new[] { $"a.{p.Name}IsNull == b.{p.Name}IsNull", EqualOf(p) } : [EqualOf(p)]).ToList();
            text.Line($"public static bool Equal(in {name} a, in {name} b) => {(equal.Count == 0 ? "true" : string.Join(" && ", equal))};");
            var texts = parts.Where(p => p.Type is StringType or BinaryType).ToList();
            if (!spills || texts.Count == 0) return;
            text.Blank();
            using (text.Braces($"public static void Write(in {name} key, SpillWriter to)"))
            {
                text.Line("to.Put(key);");
                foreach (var part in texts) text.Line($"to.PutBytes(TextKey.Bytes(key.{part.Name}));");
            }

            text.Blank();
            using (text.Braces($"public static {name} Read(SpillReader from, TextKeyArena texts)"))
            {
                text.Line($"var key = from.Get<{name}>();");
                foreach (var part in texts) text.Line($"key.{part.Name} = texts.Key(new Utf8(from.GetBytes()));");
                text.Line("return key;");
            }
        }
    }

    /// <summary>A key of a row: its initializer, and the condition under which it can match at all.</summary>
    public static (string Key, string Valid) Make(
        SegmentEmitter.Method method, ClassMembers members, JoinStage join, ImmutableArray<Expr> values, Action useTexts)
    {
        var parts = PartsOf(members.Flow, join);
        if (HasText(join)) useTexts();
        var held = values.Select((v, i) => method.Expressions.EmitHeld(v, CSharpName.From(parts[i].Name) + "Key")).ToList();
        var valid = Value.And([.. held.Where((_, i) => !parts[i].Nullable).Select(v => v.Valid)]);
        return (Initializer(NameOf(members.Flow, join), parts, held, "keyTexts"), valid);
    }

    public static string Initializer(string name, ImmutableArray<Part> parts, IReadOnlyList<Value> values, string texts)
    {
        if (parts.IsEmpty) return "default";
        var fields = new List<string>();
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, value) = (parts[i], values[i]);
            var text = part.Type switch
            {
                StringType or BinaryType => $"{texts}.Key({value.Text})",
                FloatType or DoubleType => $"KeyHash.Canonical({value.Text})",
                _ => value.Text,
            };
            if (part.Nullable && !value.IsNeverNull) text = value.IsAlwaysNull ? "default" : $"{Value.Wrap(value.Valid)} ? {text} : default";
            fields.Add($"{part.Name} = {text}");
            if (part.Nullable && !value.IsNeverNull) fields.Add($"{part.Name}IsNull = {Value.Not(value.Valid)}");
        }

        return $"new {name} {{ {string.Join(", ", fields)} }}";
    }

    /// <summary>The method that puts the build rows into the table.</summary>
    public static void WriteFill(CodeWriter text, string methodName, FlowMembers flow, JoinStage join)
    {
        var members = new ClassMembers(flow, new NameScope());
        var loop = new Loop(members, new CodeWriter(), new CodeWriter(), new NameScope("rows", "table", "i", "run"), noNulls: false);
        var expressions = new ExpressionEmitter(loop);
        var source = new RowSource("rows", "i", IsOuter: false, IsInput: false);
        var columns = join.Rows.Pipe.Columns;
        for (var c = 0; c < columns.Length; c++) loop.Bind(columns[c], new Binding.Stored(source, c, columns[c]));
        var parts = PartsOf(flow, join);
        var values = join.Keys.Select(k => expressions.Emit(new ColumnRef(columns.First(c => c.Id == k.Id), Lakeflow.Runtime.Diagnostics.SourceSpan.None))).ToList();
        var valid = Value.And([.. values.Where((_, i) => !parts[i].Nullable).Select(v => v.Valid)]);
        var name = NameOf(flow, join);
        using (text.Loops($"private static void {methodName}(JoinTable<{name}> table)"))
        {
            text.Line("var rows = table.Rows;");
            text.Append(loop.Prologue);
            using (text.Braces("for (var i = 0; i < rows.Length; i++)"))
            {
                if (valid != Value.Always)
                {
                    using (text.Braces($"if ({Value.Not(valid)})"))
                    {
                        text.Line("table.HasNullKey = true;");
                        text.Line("continue;");
                    }

                    text.Blank();
                }

                text.Line($"table.Add({Initializer(name, parts, values, "table.Texts")}, i);");
            }

            text.Blank();
            text.Line("table.Seal();");
        }
    }

    private static string FieldType(DataType type) => type is StringType or BinaryType ? "TextKey" : PhysicalTypes.NameOf(type);

    private static string HashOf(Part part) => part.Type switch
    {
        StringType or BinaryType => $"TextKey.Hash(key.{part.Name})",
        BooleanType => $"KeyHash.Of(key.{part.Name} ? 1L : 0L)",
        FloatType => $"KeyHash.Of((double)key.{part.Name})",
        DoubleType => $"KeyHash.Of(key.{part.Name})",
        DecimalType { Is64: false } => $"KeyHash.Of(key.{part.Name})",
        _ => $"KeyHash.Of((long)key.{part.Name})",
    };

    private static string EqualOf(Part part) => part.Type switch
    {
        StringType or BinaryType => $"TextKey.Equal(a.{part.Name}, b.{part.Name})",
        FloatType or DoubleType => $"a.{part.Name}.Equals(b.{part.Name})",
        _ => $"a.{part.Name} == b.{part.Name}",
    };
}
