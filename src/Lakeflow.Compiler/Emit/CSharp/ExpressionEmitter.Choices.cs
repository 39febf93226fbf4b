using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>CASE and COALESCE: what is not chosen is not evaluated.</summary>
internal sealed partial class ExpressionEmitter
{
    /// <summary>A CASE with more branches is cut into methods of this many: the size budget of a generated method.</summary>
    private const int BranchesPerMethod = 48;

    private Value OfCase(Case choice)
    {
        if (choice.Branches.Length > BranchesPerMethod && loop.CanOutline) return OfLongCase(choice);
        var result = loop.Names.New("chosen");
        var nullable = MayBeNull(choice);
        var valid = nullable ? loop.Names.New(result + "Valid") : Value.Always;
        loop.Body.Line($"{PhysicalTypes.NameOf(choice.Type)} {result};");
        if (nullable) loop.Body.Line($"bool {valid};");

        var outer = loop.Body;
        using (outer.Braces("do", "}"))
        {
            using (loop.NewBlock(new CodeWriter()))
            {
                Branches(choice.Branches, result, valid, "break;");
                Assign(Emit(choice.Else), choice.Else, result, valid);
                outer.Append(loop.Body);
            }
        }

        outer.Line("while (false);");
        return new Value(result, valid);
    }

    /// <summary>Each branch: its condition's statements, then the test, then its value and the way out.</summary>
    private void Branches(IEnumerable<CaseBranch> branches, string result, string valid, string leave)
    {
        foreach (var branch in branches)
        {
            var condition = Condition(branch.When);
            if (condition == Value.Never) continue;
            var (block, value) = Aside(() => Emit(branch.Then));
            loop.Body.MappedTo(branch.When.Origin, $"if ({condition})");
            using (loop.Body.Braces())
            {
                loop.Body.Append(block);
                Assign(value, branch.Then, result, valid);
                loop.Body.Line(leave);
            }

            loop.Body.Blank();
        }
    }

    private void Assign(Value value, Expr expr, string result, string valid)
    {
        var type = expr.Type;
        loop.Body.MappedTo(expr.Origin, $"{result} = {(value.IsAlwaysNull ? type.IsNested || type is NullType ? "null!" : "default" : value.Text)};");
        if (valid != Value.Always) loop.Body.Line($"{valid} = {value.Valid};");
    }

    /// <summary>A CASE of many branches: methods of some branches each, which say whether one of theirs was chosen.</summary>
    private Value OfLongCase(Case choice)
    {
        var result = loop.Names.New("chosen");
        var nullable = MayBeNull(choice);
        var valid = loop.Names.New(result + "Valid");
        var type = PhysicalTypes.NameOf(choice.Type);
        var columns = choice.ColumnsRead().SelectMany(Stored).Distinct().ToList();
        var values = columns.Select(c => (Column: c, Value: Hold(OfColumn(new ColumnRef(c, choice.Origin)), c.Type, CSharpName.From(c.Name)))).ToList();

        loop.Body.Line($"{type} {result};");
        loop.Body.Line($"bool {valid};");
        var calls = new List<string>();
        var rest = choice.Branches.AsEnumerable();
        while (rest.Any())
        {
            calls.Add(Outline(rest.Take(BranchesPerMethod), choice.Type, values, result, valid));
            rest = rest.Skip(BranchesPerMethod);
        }

        var (block, otherwise) = Aside(() => Emit(choice.Else));
        using (loop.Body.Braces($"if (!({string.Join(" || ", calls)}))"))
        {
            loop.Body.Append(block);
            Assign(otherwise, choice.Else, result, valid);
        }

        return new Value(result, nullable ? valid : Value.Always);
    }

    /// <summary>Writes a method that tries some branches; gives the call.</summary>
    private string Outline(IEnumerable<CaseBranch> branches, DataType type, List<(PlanColumn Column, Value Value)> values, string result, string valid)
    {
        var name = loop.Members.Names.New("Choose");
        var names = new NameScope("scratch", "constants", "run");
        var parameters = new List<string>();
        var arguments = new List<string>();
        var method = new CodeWriter();
        var inner = new Loop(loop.Members, new CodeWriter(), new CodeWriter(), names, loop.NoNulls) { CanOutline = false, Present = loop.Present };
        foreach (var (column, value) in values)
        {
            var parameter = names.New(CSharpName.From(column.Name));
            parameters.Add($"{PhysicalTypes.NameOf(column.Type)} {parameter}");
            arguments.Add(value.Text);
            var isValid = Value.Always;
            if (!value.IsNeverNull)
            {
                isValid = names.New(parameter + "Valid");
                parameters.Add($"bool {isValid}");
                arguments.Add(value.Valid);
            }

            inner.Bind(column, new Binding.Held(new Value(parameter, isValid)));
        }

        var innerResult = names.New("chosen");
        var innerValid = names.New("chosenValid");
        inner.BindRest(loop);
        new ExpressionEmitter(inner).Branches(branches, innerResult, innerValid, "return true;");
        var head = string.Join(", ", parameters.Append($"out {PhysicalTypes.NameOf(type)} {innerResult}").Append($"out bool {innerValid}"));
        using (method.Braces($"private bool {name}({head})"))
        {
            method.Append(inner.Prologue);
            method.Append(inner.Body);
            method.Line($"{innerResult} = default{(type.IsNested ? "!" : "")};");
            method.Line($"{innerValid} = false;");
            method.Line("return false;");
        }

        loop.Members.Method(method);
        return $"{name}({string.Join(", ", arguments.Append($"out {result}").Append($"out {valid}"))})";
    }

    /// <summary>The columns of batches that a column is computed from.</summary>
    private IEnumerable<PlanColumn> Stored(PlanColumn column) => loop[column] is Binding.Computed computed
        ? computed.Expr.ColumnsRead().SelectMany(Stored)
        : [column];

    private Value OfCoalesce(Coalesce coalesce)
    {
        var first = Emit(coalesce.Arguments[0]);
        if (first.IsNeverNull || coalesce.Arguments.Length == 1) return first;

        var last = coalesce.Arguments[^1];
        if (coalesce.Arguments.Length == 2 && last is Literal { IsNull: false } && !coalesce.Type.IsNested)
        {
            var held = Hold(first, coalesce.Type, "given");
            return new Value($"({held.Valid} ? {held.Text} : {OfLiteral((Literal)last).Text})", Value.Always);
        }

        var result = loop.Names.New("first");
        var valid = loop.Names.New(result + "Valid");
        loop.Body.Line($"{PhysicalTypes.NameOf(coalesce.Type)} {result} = {(first.IsAlwaysNull && coalesce.Type.IsNested ? "null!" : first.IsAlwaysNull ? "default" : first.Text)};");
        loop.Body.Line($"var {valid} = {first.Valid};");
        foreach (var argument in coalesce.Arguments.Skip(1))
        {
            var (block, value) = Aside(() => Emit(argument));
            if (value.IsAlwaysNull) continue;
            using (loop.Body.Braces($"if (!{valid})"))
            {
                loop.Body.Append(block);
                loop.Body.Line($"{result} = {value.Text};");
                loop.Body.Line($"{valid} = {value.Valid};");
            }

            if (value.IsNeverNull) return new Value(result, Value.Always);
        }

        return new Value(result, valid);
    }
}
