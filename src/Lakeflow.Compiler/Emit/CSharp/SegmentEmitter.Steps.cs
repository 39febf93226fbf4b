using Lakeflow.Arrow;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Expectations, joins and generators inside the loop.</summary>
internal sealed partial class SegmentEmitter
{
    private void WriteExpect(Method method, Expect expect)
    {
        var loop = method.Loop;
        var rules = expect.Rules.Select(rule => new Rule(rule, RuleNumber(rule), CSharpName.From(rule.Info.Name))).ToList();
        var tested = "rows.Length";
        if (method.Drops || method.FansOut)
        {
            tested = loop.Names.New("tested");
            method.First.Line($"var {tested} = 0;");
            loop.Body.Line($"{tested}++;");
        }

        for (var r = 0; r < rules.Count; r++)
        {
            var rule = rules[r];
            var info = rule.Bound.Info;
            loop.Body.Blank();
            loop.Body.Comment($"CONSTRAINT {info.Name} EXPECT ({info.Condition}){Action(info.Action)}");
            var condition = method.Expressions.Condition(rule.Bound.Condition);
            rule = rule with { Passed = loop.Names.New(rule.Wish) };
            rule = rule with { Failed = loop.Names.New(rule.Passed + "Failed") };
            rules[r] = rule;
            loop.Body.MappedTo(rule.Bound.Condition.Origin, $"var {rule.Passed} = {condition};");
            method.First.Line($"var {rule.Failed} = 0;");

            // The last place takes what is not kept, so that no branch is needed.
            foreach (var source in method.Sources)
            {
                var places = Places(rule, source);
                method.First.Line($"Span<int> {places} = stackalloc int[Violations.Places];");
                loop.Body.Line($"{places}[Math.Min({rule.Failed}, FlowCounts.SamplesPerRule)] = {source.Index};");
            }

            loop.Body.Line($"{rule.Failed} += {rule.Passed} ? 0 : 1;");
        }

        var must = rules.FindAll(r => r.Bound.Info.Action == ViolationAction.FailUpdate);
        var drop = rules.FindAll(r => r.Bound.Info.Action == ViolationAction.DropRow);
        loop.Body.Blank();
        if (must.Count > 0) loop.Body.Line($"if ({Value.Not(Value.And([.. must.Select(r => r.Passed)]))}) continue;");
        if (drop.Count > 0)
        {
            var dropped = loop.Names.New("dropped");
            method.First.Line($"var {dropped} = 0;");
            using (loop.Body.Braces($"if ({Value.Not(Value.And([.. drop.Select(r => r.Passed)]))})"))
            {
                loop.Body.Line($"{dropped}++;");
                loop.Body.Line("continue;");
            }

            loop.Body.Blank();
            method.After.Line($"run.Counts.AddDropped({dropped});");
        }

        var sample = SampleMethod(method, expect);
        foreach (var rule in rules) Report(method, rule, tested, sample);
        if (must.Count > 0) Fail(method, must, sample);
        method.Drops |= must.Count + drop.Count > 0;
    }

    private static string Places(Rule rule, RowSource source) => rule.Passed + (source.Index == "i" ? "At" : CSharpName.Pascal(source.Index) + "At");

    private void Report(Method method, Rule rule, string tested, string sample)
    {
        var after = method.After;
        after.Line($"run.Counts.AddVerdicts({rule.Number}, {tested} - {rule.Failed}, {rule.Failed});");
        var at = string.Join(", ", method.Sources.Select(s => Places(rule, s) + "[s]"));
        using (after.Braces($"for (var s = 0; s < Math.Min({rule.Failed}, FlowCounts.SamplesPerRule) && run.Counts.WantsSample({rule.Number}); s++)"))
        {
            var origin = pipe.Input is SlotInput ? "rows.Origin" : "null";
            after.Line($"run.Counts.AddSample({rule.Number}, {sample}(rows, {at}), {origin}, {Places(rule, method.Sources[0])}[s]);");
        }

        after.Blank();
    }

    /// <summary>After the whole batch was counted: a rule that must hold does not.</summary>
    private void Fail(Method method, List<Rule> must, string sample)
    {
        var after = method.After;
        using (after.Braces($"if ({string.Join(" + ", must.Select(r => r.Failed))} > 0)"))
        {
            var first = must.Count == 1 ? "" : "var first = " + string.Concat(must.Take(must.Count - 1).Select((r, k) => $"{r.Failed} > 0 ? {k} : ")) + $"{must.Count - 1};";
            if (first.Length > 0) after.Line(first);
            after.Line("List<int> broken = [];");
            foreach (var rule in must) after.Line($"if ({rule.Failed} > 0) broken.Add({rule.Number});");
            var at = string.Join(", ", method.Sources.Select(s => must.Count == 1
                ? Places(must[0], s) + "[0]"
                : "(" + string.Concat(must.Take(must.Count - 1).Select((r, k) => $"first == {k} ? {Places(r, s)}[0] : ")) + $"{Places(must[^1], s)}[0])"));
            var input = pipe.Input is SlotInput && method.Sources.Count == 1 ? $"RowJson.Of(rows, {at})" : "null";
            after.Line($"throw Violations.Failure(run, [.. broken], {sample}(rows, {at}), {input});");
        }

        after.Blank();
    }

    private string SampleMethod(Method method, Expect expect) => RowMethod(method, expect, "RowAt", "Tested", expect.Columns);

    /// <summary>The method that prints a row as JSON, as it stands at a step. Out of the loop: it runs for a few rows only.</summary>
    private string RowMethod(Method method, LogicalPlan node, string wish, string schemaWish, ImmutableArray<PlanColumn> columns)
    {
        if (rowMethods.TryGetValue(node, out var known)) return known;
        var name = members.Names.New(wish);
        rowMethods.Add(node, name);
        var output = flow.Flow.Info.Output.Fields;
        var schema = columns.Select(c => (c.Name, c.Type)).SequenceEqual(output.Select(f => (f.Name, f.Type)))
            ? "Facts.Output"
            : members.Field("private static readonly Schema", schemaWish, TypeLiteral.Of(columns).Replace("\n", "\n            ", StringComparison.Ordinal));
        var indexes = method.Sources.Select(s => s.Index).ToList();
        var names = new NameScope(["rows", "run", "output", "writer", "scratch", "constants", .. indexes, .. members.Parameters.Select(p => p.Name)]);
        var inner = new Loop(members, new CodeWriter(), new CodeWriter(), names, noNulls: false) { CanOutline = false };
        inner.BindAll(method.Loop);
        var expressions = new ExpressionEmitter(inner);
        var values = columns.Select(c => inner.Resolve(c) is Binding.Stored { Rows.IsInput: true } stored && stored.Column.Type.Equals(c.Type)
            ? $"{inner.BatchOf(stored.Rows)}.Columns[{CSharpLiteral.Of(stored.Ordinal)}].GetValue({stored.Rows.Index})"
            : expressions.Boxed(new ColumnRef(c, SourceSpan.None))).ToList();
        var code = new CodeWriter();
        using (code.Braces($"private string {name}(RecordBatch rows{string.Concat(indexes.Select(i => $", int {i}"))})"))
        {
            using (code.Braces("try"))
            {
                code.Append(inner.Prologue);
                code.Append(inner.Body);
                code.Line($"return RowJson.Of({schema}, [{string.Join(", ", values)}]);");
            }

            using (code.Braces("catch (KernelFault)"))
            {
                code.Comment("A column of a row that is dropped need not be computable: show what came in.");
                code.Line("return RowJson.Of(rows, i);");
            }
        }

        members.Method(code);
        return name;
    }

    private int RuleNumber(BoundExpectation rule)
    {
        var all = flow.Flow.Info.Expectations;
        for (var number = 0; number < all.Length; number++)
        {
            if (all[number].Dataset == rule.Info.Dataset && all[number].Name == rule.Info.Name) return number;
        }

        throw new System.Diagnostics.UnreachableException(rule.Info.Name);
    }

    private static string Action(ViolationAction action) => action switch
    {
        ViolationAction.DropRow => " ON VIOLATION DROP ROW",
        ViolationAction.FailUpdate => " ON VIOLATION FAIL UPDATE",
        _ => "",
    };

    private void WriteProbe(Method method, ProbeStep probe)
    {
        var loop = method.Loop;
        var table = members.Parameter($"JoinTable<{KeyStruct.NameOf(flow, probe.Join)}>", flow.Variable(probe.Join));
        var match = loop.Names.New("match");
        loop.Body.Blank();
        loop.Body.Comment($"{probe.Kind.ToString().ToUpperInvariant()} JOIN {probe.Join.Rows.Name}{(probe.Node.Condition is null ? "" : " ON " + probe.Node.Condition)}");
        var aside = members.Field("private readonly RowsAside", table + "Aside", $"{table}.Aside(run)");
        asides.Add(aside);
        var (key, keyValid) = KeyStruct.Make(method, members, probe.Join, probe.Keys, () => usesKeyTexts = true);
        var first = $"{table}.First({key}, i, {aside})";
        loop.Body.MappedTo(probe.Node.Origin, $"var {match} = {(keyValid == Value.Always ? first : $"{keyValid} ? {first} : {table}.OfNull")};");
        if (KeyStruct.HasText(probe.Join)) loop.Body.Line("keyTexts.Drop();");

        var built = new RowSource(table + ".Rows", match, IsOuter: false, IsInput: false);
        BindBuild(loop, probe, built);
        switch (probe.Kind)
        {
            case JoinKind.NullAwareAnti:
                var test = keyValid == Value.Always ? $"{match} != -1" : $"{Value.Not(keyValid)} || {match} != -1";
                loop.Body.Line($"if ({table}.HasRows && ({table}.HasNullKey || {test})) continue;");
                method.Drops = true;
                break;
            case JoinKind.LeftSemi or JoinKind.LeftAnti:
                WriteExistence(method, probe, table, match);
                method.Drops = true;
                break;
            case JoinKind.LeftMark:
                // Another part's key: the row comes again.
                loop.Body.Line($"if ({match} < -1) continue;");
                method.Drops = true;
                loop.Bind(probe.Node.Mark!, new Binding.Held(new Value(WriteFound(method, probe, table, match), Value.Always)));
                method.OnlyInLoop = true;
                break;
            case JoinKind.Left or JoinKind.Full:
                WriteOuter(method, probe, table, match);
                BindBuild(loop, probe, built with { IsOuter = true });
                method.Sources.Add(built with { IsOuter = true });
                method.FansOut = true;
                break;
            default:
                method.Open.Add(loop.Body.Braces($"for (; {match} >= 0; {match} = {table}.Next({match}))"));
                if (probe.Residual is not null) WriteFilter(method, [.. EquiKeys.Conjuncts(probe.Residual)]);
                method.Sources.Add(built);
                method.FansOut = true;
                break;
        }
    }

    private static void BindBuild(Loop loop, ProbeStep probe, RowSource built)
    {
        var columns = probe.Join.Rows.Pipe.Columns;
        for (var c = 0; c < columns.Length; c++) loop.Bind(columns[c], new Binding.Stored(built, c, columns[c]));
    }

    private static void WriteExistence(Method method, ProbeStep probe, string table, string match)
    {
        var body = method.Loop.Body;
        var wanted = probe.Kind == JoinKind.LeftSemi;
        if (probe.Residual is null)
        {
            body.Line($"if ({match} {(wanted ? "< 0" : "!= -1")}) continue;");
            return;
        }

        if (!wanted) body.Line($"if ({match} < -1) continue;");

        body.Line($"if ({(wanted ? "!" : "")}{WriteFound(method, probe, table, match)}) continue;");
    }

    /// <summary>The local that tells whether a build row fits.</summary>
    private static string WriteFound(Method method, ProbeStep probe, string table, string match)
    {
        var body = method.Loop.Body;
        var found = method.Loop.Names.New("found");
        if (probe.Residual is null)
        {
            body.Line($"var {found} = {match} >= 0;");
            return found;
        }

        body.Line($"var {found} = false;");
        var (block, condition) = method.Expressions.Aside(() => method.Expressions.Condition(probe.Residual));
        using (body.Braces($"for (; {match} >= 0 && !{found}; {match} = {table}.Next({match}))"))
        {
            body.Append(block);
            body.Line($"{found} = {condition};");
        }

        return found;
    }

    private static void WriteOuter(Method method, ProbeStep probe, string table, string match)
    {
        var body = method.Loop.Body;
        var matched = method.Loop.Names.New("matched");
        body.Line($"var {matched} = false;");
        // A row that met nobody goes through the loop once, with −1 for the other side.
        method.Open.Add(body.Braces(
            $"for (; {match} >= 0 || ({match} == -1 && !{matched}); {match} = {match} < 0 ? -2 : {table}.Next({match}))"));
        using (body.Braces($"if ({match} >= 0)"))
        {
            if (probe.Residual is not null)
            {
                var (block, condition) = method.Expressions.Aside(() => method.Expressions.Condition(probe.Residual));
                body.Append(block);
                body.Line($"if ({Value.Not(condition)}) continue;");
            }

            body.Line($"{matched} = true;");
            if (probe.Kind == JoinKind.Full) body.Line($"{table}.Mark({match});");
        }

        body.Blank();
    }

    private void WriteGenerate(Method method, GenerateStep step)
    {
        var loop = method.Loop;
        var node = step.Node;
        var stored = (Binding.Stored)loop.Resolve(step.Collection.Column);
        var wish = CSharpName.From(stored.Column.Name);
        var array = $"{loop.BatchOf(stored.Rows)}.Columns[{CSharpLiteral.Of(stored.Ordinal)}]";
        var offsets = loop.Before(wish + "Offsets", $"Fields.Offsets({array})");
        var inline = node.Kind == GeneratorKind.Inline;
        var elements = new RowSource(wish + "Elements", loop.Names.New("element"), node.Outer, IsInput: false, $"Fields.Elements({array}{(inline ? ", inline: true" : "")})");
        var (element, first, last) = (elements.Index, loop.Names.New("first"), loop.Names.New("last"));
        loop.Body.Blank();
        loop.Body.Comment(node.Describe());
        loop.Body.Line($"var {first} = {offsets}[{stored.Rows.Index}];");
        loop.Body.Line($"var {last} = {offsets}[{stored.Rows.Index} + 1];");
        method.Open.Add(loop.Body.Braces(node.Outer
            ? $"for (var {element} = {first} < {last} ? {first} : -1; {element} == -1 || ({element} >= 0 && {element} < {last}); {element} = {element} < 0 ? -2 : {element} + 1)"
            : $"for (var {element} = {first}; {element} < {last}; {element}++)"));

        var generated = node.Generated;
        var skip = 0;
        if (node.Kind == GeneratorKind.PosExplode)
        {
            loop.Bind(generated[0], new Binding.Held(new Value($"({element} - {first})", node.Outer ? $"{element} >= 0" : Value.Always)));
            method.OnlyInLoop = true;
            skip = 1;
        }

        for (var c = skip; c < generated.Length; c++) loop.Bind(generated[c], new Binding.Stored(elements, c - skip, generated[c]));
        method.Sources.Add(elements);
        method.FansOut = true;
    }

    private sealed record Rule(BoundExpectation Bound, int Number, string Wish)
    {
        public string Passed { get; init; } = "";

        public string Failed { get; init; } = "";
    }
}
