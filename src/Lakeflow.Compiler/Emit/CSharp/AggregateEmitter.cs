using System.Globalization;
using System.Reflection;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels.Aggregates;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Writes an aggregate: key and state structs, the update in the loop, and the rows of the groups.</summary>
internal sealed partial class AggregateEmitter
{
    private readonly FlowMembers flow;
    private readonly Aggregate node;
    private readonly string prefix;
    private readonly ImmutableArray<KeyStruct.Part> keys;
    private readonly ImmutableArray<State> states;

    /// <param name="flow">The flow.</param>
    /// <param name="prefix">What the structs and methods are called after.</param>
    /// <param name="node">Keys and aggregates.</param>
    public AggregateEmitter(FlowMembers flow, string prefix, Aggregate node)
    {
        this.flow = flow;
        this.node = node;
        this.prefix = prefix;
        keys = KeyStruct.Parts(prefix + "Key", node.Keys.Select(k => (k.Column.Name, k.Value.Type, k.Value.Nullable)));
        // A member called like a class would hide its static members.
        var names = new NameScope("New", "Merge", "Rows", "Settle", "Write", "Read", prefix + "State") { AvoidsTypes = true };
        states = [.. node.Aggregates.Select(a => new State(a.Call, names.New(CSharpName.Pascal(a.Column.Name), a.Call.Distinct ? ["Seen"] : [])))];
    }

    public string TypeArguments => $"{prefix}Key, {prefix}State";

    public string TableType => $"HashAggregate<{TypeArguments}>";

    public string NewTable => keys.IsEmpty ? $"New{prefix}()" : "new(run)";

    public string RowsMethod => $"Write{prefix}";

    public string SchemaName => $"{prefix}Schema";

    public string SumsType => prefix + "Sums";

    public bool HasKeys => !keys.IsEmpty;

    /// <summary>The update of a group by the row that the loop is at.</summary>
    public void WriteUpdate(SegmentEmitter.Method method)
    {
        var loop = method.Loop;
        var sums = method.IsNarrow && !method.FansOut ? NarrowIn(method) : null;
        if (sums is not null)
        {
            narrow = sums;
            method.Expressions.InLongs = sums.Computed;
        }

        var needsState = !states.IsEmpty && (sums is null || !IsAll(sums));
        if (keys.IsEmpty)
        {
            WriteOneGroup(method, sums, needsState);
        }
        else if (loop.Body.IsEmpty && method.Open.Count == 0 && !states.IsEmpty && node.Keys.All(k => k.Value.Type is not NullType && !k.Value.Type.IsNested))
        {
            WriteKeysFirst(method, sums is not null, needsState);
        }
        else
        {
            loop.Body.Blank();
            var values = node.Keys.Select((k, i) => method.Expressions.EmitHeld(k.Value, CSharpName.From(keys[i].Name))).ToList();
            loop.Body.Comment(GroupBy);
            if (CodesOf(loop) is { } codes) WriteByCode(loop, codes, values);
            else loop.Body.Line($"var group = {Find(values)};");
            if (sums is not null) loop.Body.Line("ref var sum = ref sums[group];");
            if (needsState) loop.Body.Line("ref var state = ref Groups.State(group);");
        }

        if (sums is not null) WriteSums(method, sums);
        WriteUpdates(method, sums);
    }

    private string GroupBy => $"GROUP BY {string.Join(", ", node.Keys.Select(k => k.Value))}";

    private string Find(List<Value> values) => $"Groups.Find({KeyStruct.Initializer(prefix + "Key", keys, values, "Groups.Texts")})";

    /// <summary>One group: its state and its sums live in locals during the loop.</summary>
    private void WriteOneGroup(SegmentEmitter.Method method, NarrowSums? sums, bool needsState)
    {
        if (needsState)
        {
            method.First.Line("var state = Groups.State(0);");
            method.After.Line("Groups.State(0) = state;");
        }

        if (sums is null) return;
        method.First.Line($"{SumsType} sum = default;");
        method.After.Line($"{SumsType}.Settle(sum, ref Groups.State(0));");
    }

    /// <summary>The groups of all rows in a loop of their own: many look-ups are on their way at once, and the states are fetched ahead of their use.</summary>
    private void WriteKeysFirst(SegmentEmitter.Method method, bool isNarrow, bool needsState)
    {
        var loop = method.Loop;
        loop.Members.Field("private int[]", "groupNumbers", "[]");
        method.First.Line("var groupIds = Violations.Room(ref groupNumbers, rows.Length);");
        var (block, values) = method.Expressions.Aside(() => node.Keys.Select((k, i) => method.Expressions.EmitHeld(k.Value, CSharpName.From(keys[i].Name))).ToList());
        block.Comment(GroupBy);
        block.Line($"groupIds[{method.Row}] = {Find(values)};");
        if (CodesOf(loop) is { } codes) method.KeyLoops.AddRange(ByCode(method, codes, values, block));
        else method.KeyLoops.Add(("", block));
        if (isNarrow)
        {
            method.BeforeRows.Line("var groupSums = sums.Of(Groups.Count);");
            loop.Body.Line($"ref var sum = ref groupSums[groupIds[{method.Row}]];");
        }

        if (!needsState) return;
        loop.Body.Line($"Groups.Fetch(groupIds, {method.Row});");
        loop.Body.Line($"ref var state = ref Groups.State(groupIds[{method.Row}]);");
    }

    /// <summary>The arguments of the aggregates that go into the states.</summary>
    private IEnumerable<Expr> Summed(NarrowSums? sums) =>
        node.Aggregates.Where(a => a.Call.Filter is null && sums?.Calls.ContainsKey(a.Call) != true).SelectMany(a => a.Call.Arguments);

    /// <summary>The key columns if each is a text column of the batch as it is stored: their codes tell groups apart.</summary>
    private List<Binding.Stored>? CodesOf(Loop loop)
    {
        if (!KernelChoice.UsesCodes(node)) return null;
        var stored = node.Keys.Select(k => loop.Resolve(((ColumnRef)k.Value).Column)).OfType<Binding.Stored>().Where(s => s.Rows is { IsInput: true, IsOuter: false }).ToList();
        return stored.Count == keys.Length ? stored : null;
    }

    /// <summary>Two loops: the group from the combined dictionary codes where they came up before; or by the key, where a text is not encoded.</summary>
    private IEnumerable<(string Head, CodeWriter Body)> ByCode(SegmentEmitter.Method method, List<Binding.Stored> columns, List<Value> values, CodeWriter byKey)
    {
        var (groups, slot) = SlotOf(method.Loop, columns, values);
        var byCode = new CodeWriter();
        byCode.Comment(GroupBy + ", by their codes");
        byCode.Line($"ref var known = ref {groups}[{slot}];");
        byCode.Line($"if (known < 0) known = {Find(values)};");
        byCode.Line($"groupIds[{method.Row}] = known;");
        return [($"if ({groups}.Length > 0)", byCode), ("else", byKey)];
    }

    /// <summary>The same for one row.</summary>
    private void WriteByCode(Loop loop, List<Binding.Stored> columns, List<Value> values)
    {
        var (groups, slot) = SlotOf(loop, columns, values);
        loop.Body.Line($"var slot = {groups}.IsEmpty ? -1 : {slot};");
        loop.Body.Line($"var group = slot < 0 ? -1 : {groups}[slot];");
        using (loop.Body.Braces("if (group < 0)"))
        {
            loop.Body.Line($"group = {Find(values)};");
            loop.Body.Line($"if (slot >= 0) {groups}[slot] = group;");
        }

        loop.Body.Blank();
    }

    /// <summary>The groups by combined code, and the place of a row there.</summary>
    private static (string Groups, string Slot) SlotOf(Loop loop, List<Binding.Stored> columns, List<Value> values)
    {
        var memory = loop.Members.Field("private readonly CodeGroups", "codeGroups", "new()");
        var groups = loop.Before("groupOf", $"{memory}.Begin({string.Join(", ", columns.Select(c => $"rows.Columns[{CSharpLiteral.Of(c.Ordinal)}]"))})");
        var slot = "";
        for (var c = 0; c < columns.Count; c++)
        {
            var text = values[c].Text[..^3];
            var codes = loop.Before(text + "Codes", text + ".Codes");
            var code = values[c].IsNeverNull ? $"{codes}[i]" : $"({values[c].Valid} ? {codes}[i] : {text}.DictionaryLength)";
            slot = c == 0 ? code : $"{(c == 1 ? slot : Value.Wrap(slot))} * {loop.Before(text + "Count", text + ".DictionaryLength + 1")} + {code}";
        }

        return (groups, slot);
    }

    public string StateType => prefix + "State";

    /// <summary>True if the state is a value that may be copied: no object, no set of what was seen.</summary>
    public bool IsPlain => !states.Any(s => s.IsObject || s.Call.Distinct);

    /// <summary>The updates alone, of a local <c>state</c>.</summary>
    /// <param name="method">The method in the making.</param>
    /// <param name="sums">The aggregates that are summed up elsewhere, if any.</param>
    public void WriteUpdates(SegmentEmitter.Method method, NarrowSums? sums = null)
    {
        if (sums is null) method.Expressions.Share(Summed(null));
        for (var a = 0; a < states.Length; a++)
        {
            if (sums?.Calls.ContainsKey(states[a].Call) != true) WriteUpdate(method, states[a], node.Aggregates[a].Column.Name);
        }
    }

    /// <summary>The result of an aggregate from a local <c>state</c>.</summary>
    public Value Result(Loop loop, int aggregate) => Result(loop, states[aggregate]);

    /// <summary>Structs and methods of the flow's class.</summary>
    public void WriteMembers(CodeWriter text)
    {
        text.Line($"private static readonly Schema {SchemaName} = {TypeLiteral.Of(node.Columns).Replace("\n", "\n        ", StringComparison.Ordinal)};");
        WriteContexts(text);
        text.Blank();
        KeyStruct.Write(text, prefix + "Key", keys, spills: true);
        text.Blank();
        WriteStateStruct(text);
        text.Blank();
        if (narrow is not null) WriteSumsStruct(text, narrow);
        if (keys.IsEmpty)
        {
            using (text.Braces($"private static {TableType} New{prefix}()"))
            {
                text.Comment("One group, also of no rows.");
                text.Line($"var table = new {TableType}();");
                text.Line("table.Find(default);");
                text.Line("return table;");
            }

            text.Blank();
        }

        WriteRows(text);
    }

    private void WriteUpdate(SegmentEmitter.Method method, State state, string column)
    {
        var body = method.Loop.Body;
        body.Comment($"{state.Call} AS {column}");
        if (state.Call.Filter is { } filter)
        {
            var condition = method.Expressions.Condition(filter);
            var (block, _) = method.Expressions.Aside(() =>
            {
                Update(method, state);
                return 0;
            });
            using (body.Braces($"if ({condition})")) body.Append(block);
        }
        else
        {
            Update(method, state);
        }
    }

    private void Update(SegmentEmitter.Method method, State state)
    {
        var body = method.Loop.Body;
        var call = state.Call;
        var site = CSharpLiteral.Of(Site(call));
        var target = $"state.{state.Name}";
        if (state.IsObject || call.Distinct)
        {
            var held = call.Arguments.Select((a, i) => method.Expressions.EmitHeld(a, "argument" + (i + 1).ToString(CultureInfo.InvariantCulture))).ToList();
            var valid = call.Function.SkipsNulls && held.Count > 0
                ? Value.And([.. (call.Distinct || state.AddParameters == 1 ? held : held.Take(1)).Select(h => h.Valid)]) : Value.Always;
            var boxed = held.Select((h, i) => ExpressionEmitter.BoxedHeld(h, call.Arguments[i].Type)).ToList();
            var conditions = new List<string> { valid };
            if (call.Distinct) conditions.Add($"{target}Seen.Add({(boxed.Count == 1 ? boxed[0] : $"new object?[] {{ {string.Join(", ", boxed)} }}")})");
            var add = state.IsObject
                ? $"{target}.Add({boxed[0]}, {(boxed.Count > 1 ? boxed[1] : "null")}, {site});"
                : $"{target}.Add({string.Concat(held.Take(state.AddParameters - 1).Select(h => h.Text + ", "))}{site});";
            var condition = Value.And([.. conditions]);
            body.MappedTo(call.Origin, condition == Value.Always ? add : $"if ({condition}) {add}");
            return;
        }

        var values = call.Arguments.Select(method.Expressions.Emit).ToList();
        if (values.Count > 1 || (values.Count == 1 && !call.Function.SkipsNulls)) values = [.. values.Select((v, i) => method.Expressions.Hold(v, call.Arguments[i].Type, "argument"))];
        var allValid = Value.And([.. values.Select(v => v.Valid)]);
        var update = $"{target}.Add({string.Concat(values.Take(state.AddParameters - 1).Select(v => Value.Unguarded(v.Text, allValid) + ", "))}{site});";
        if (allValid == Value.Always) body.MappedTo(call.Origin, update);
        else if (call.Function.SkipsNulls) body.MappedTo(call.Origin, allValid == Value.Never ? ";" : $"if ({allValid}) {update}");
        else body.MappedTo(call.Origin, allValid == Value.Never ? $"{target}.AddNull({site});" : $"if ({allValid}) {update} else {target}.AddNull({site});");
    }

    private int Site(AggregateCall call) => flow.Site(call.Origin, call.ToString());

    /// <summary>The state struct with what it needs, without keys.</summary>
    public void WriteState(CodeWriter text)
    {
        WriteContexts(text);
        WriteStateStruct(text);
    }

    private void WriteContexts(CodeWriter text)
    {
        foreach (var state in states.Where(s => s.IsObject))
        {
            var constants = state.Call.Arguments.Select(a => a is Literal l ? CSharpLiteral.Boxed(l.Value) : "null");
            text.Line($"private static readonly AggregateContext {prefix}{state.Name}Context = new([{string.Join(", ", state.Call.Arguments.Select(a => TypeLiteral.Of(a.Type)))}], {TypeLiteral.Of(state.Call.Type)}, [{string.Join(", ", constants)}]);");
        }

    }

    private void WriteStateStruct(CodeWriter text)
    {
        using (text.Braces($"private struct {prefix}State : IAggregateState<{prefix}State>"))
        {
            foreach (var state in states)
            {
                text.Line($"public {(state.IsObject ? nameof(IObjectAggregate) : state.TypeName)} {state.Name};");
                if (state.Call.Distinct) text.Line($"public DistinctSet {state.Name}Seen;");
            }

            text.Blank();
            var made = states.SelectMany(s => new[]
            {
                s.IsObject ? $"{s.Name} = {s.TypeName}.Create({prefix}{s.Name}Context)" : "",
                s.Call.Distinct ? $"{s.Name}Seen = new DistinctSet()" : "",
            }).Where(s => s.Length > 0).ToList();
            text.Line($"public static {prefix}State New() => {(made.Count == 0 ? "default" : $"new() {{ {string.Join(", ", made)} }}")};");
            text.Blank();
            using (text.Braces($"public static void Merge(ref {prefix}State into, ref {prefix}State other)"))
            {
                foreach (var state in states) WriteMerge(text, state);
            }

            if (!keys.IsEmpty && !IsPlain) WriteSpilling(text);
        }
    }

    /// <summary>How a state with objects goes into a file, and out of it.</summary>
    private void WriteSpilling(CodeWriter text)
    {
        text.Blank();
        using (text.Braces($"public static void Write(ref {prefix}State state, SpillWriter to)"))
        {
            foreach (var state in states)
            {
                text.Line(state.IsObject ? $"state.{state.Name}.Write(to);" : $"to.Put(state.{state.Name});");
                if (state.Call.Distinct) text.Line($"state.{state.Name}Seen.Write(to);");
            }
        }

        text.Blank();
        using (text.Braces($"public static void Read(ref {prefix}State state, SpillReader from)"))
        {
            foreach (var state in states)
            {
                text.Line(state.IsObject ? $"state.{state.Name}.Read(from);" : $"state.{state.Name} = from.Get<{state.TypeName}>();");
                if (state.Call.Distinct) text.Line($"state.{state.Name}Seen.Read(from);");
            }
        }
    }

    private void WriteMerge(CodeWriter text, State state)
    {
        var site = CSharpLiteral.Of(Site(state.Call));
        if (!state.Call.Distinct)
        {
            text.Line($"into.{state.Name}.Merge({(state.IsObject ? "" : "in ")}other.{state.Name}, {site});");
            return;
        }

        // What only the other has seen is added as if it were seen now.
        using (text.Braces($"foreach (var seen in other.{state.Name}Seen.Values)"))
        {
            text.Line($"if (!into.{state.Name}Seen.Add(seen)) continue;");
            var single = state.Call.Arguments.Length == 1;
            string Boxed(int i) => single ? "seen" : $"((object?[])seen!)[{CSharpLiteral.Of(i)}]";
            text.Line(state.IsObject
                ? $"into.{state.Name}.Add({Boxed(0)}, {(single ? "null" : Boxed(1))}, {site});"
                : $"into.{state.Name}.Add({string.Concat(state.Call.Arguments.Take(state.AddParameters - 1).Select((a, i) => ExpressionEmitter.UnboxedText(Boxed(i), a.Type) + ", "))}{site});");
        }
    }

    private void WriteRows(CodeWriter text)
    {
        var members = new ClassMembers(flow, new NameScope());
        var loop = new Loop(members, new CodeWriter(), new CodeWriter(), new NameScope("table", "from", "to", "writer", "g", "n", "key", "state"), noNulls: false);
        var columns = node.Columns;
        for (var k = 0; k < keys.Length; k++)
        {
            var part = keys[k];
            var value = part.Type is StringType or BinaryType ? $"new Utf8(TextKey.Bytes(key.{part.Name}))" : $"key.{part.Name}";
            SegmentEmitter.Store(loop, loop.Body, [], k, columns[k], new Value(value, part.Nullable ? $"!key.{part.Name}IsNull" : Value.Always));
        }

        for (var a = 0; a < states.Length; a++)
        {
            var column = columns[keys.Length + a];
            SegmentEmitter.Store(loop, loop.Body, [], keys.Length + a, column, Result(loop, states[a]));
        }

        using (text.Loops($"private static void {RowsMethod}({TableType} table, int from, int to, BatchWriter writer)"))
        {
            text.Append(loop.Prologue);
            using (text.Braces("for (var g = from; g < to; g++)"))
            {
                text.Line("var n = g - from;");
                if (!keys.IsEmpty) text.Line("ref readonly var key = ref table.Key(g);");
                if (!states.IsEmpty) text.Line("ref var state = ref table.State(g);");
                text.Append(loop.Body);
            }
        }
    }

    private Value Result(Loop loop, State state)
    {
        var call = state.Call;
        var resolved = state.Resolved;
        var arguments = string.Concat(state.IsObject ? "" : string.Concat(resolved.TypeArguments.Select(t => CSharpLiteral.Of(t) + ", "))) + CSharpLiteral.Of(Site(call));
        var text = $"state.{state.Name}.Result({arguments})";
        if (state.IsObject)
        {
            var boxed = loop.Names.New(CSharpName.From(state.Name));
            loop.Body.MappedTo(call.Origin, $"var {boxed} = {text};");
            var plain = call.Type is StringType ? $"Utf8.From((string){boxed}!)" : ExpressionEmitter.UnboxedText(boxed, call.Type);
            return new Value(call.Type.IsNested ? plain : $"({boxed} is null ? default : {plain})", $"{boxed} is not null");
        }

        var physical = PhysicalTypes.Of(call.Type);
        if (state.ResultType != physical) text = $"({PhysicalTypes.NameOf(physical)}){text}";
        if (!state.HasHasValue) return new Value(text, Value.Always);
        var valid = $"state.{state.Name}.HasValue";
        return new Value($"{valid} ? {text} : default", valid);
    }

    /// <summary>One aggregate's place in the state.</summary>
    internal sealed class State
    {
        public State(AggregateCall call, string name)
        {
            Call = call;
            Name = name;
            Resolved = new ResolvedCall(call.Function, call.Overload, [.. call.Arguments.Select(a => a.Type)], call.Type, call.Nullable);
            Type = Resolved.State ?? throw new System.Diagnostics.UnreachableException($"{call.Function.Name} has no state");
            IsObject = !Type.IsValueType;
            TypeName = NameOf(Type);
            if (IsObject) return;
            AddParameters = Type.GetMethods(BindingFlags.Public | BindingFlags.Instance).First(m => m.Name == "Add").GetParameters().Length;
            HasHasValue = Type.GetProperty("HasValue") is not null;
            CanAddSum = Type.GetMethod("AddSum") is not null;
            CanAddRows = Type.GetMethod("AddRows") is not null;
            ResultType = Type.GetMethod("Result")!.ReturnType;
        }

        public AggregateCall Call { get; }

        public string Name { get; }

        public ResolvedCall Resolved { get; }

        public Type Type { get; }

        public string TypeName { get; }

        public bool IsObject { get; }

        public int AddParameters { get; }

        public bool HasHasValue { get; }

        /// <summary>True if it takes many values by their sum.</summary>
        public bool CanAddSum { get; }

        /// <summary>True if all that it wants to know is the number of rows.</summary>
        public bool CanAddRows { get; }

        public Type ResultType { get; } = typeof(object);

        public static string NameOf(Type type) => type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(PhysicalTypes.NameOf))}>"
            : type.Name;
    }
}
