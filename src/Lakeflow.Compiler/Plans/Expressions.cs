using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Plans;

/// <summary>A constant, in the form of <see cref="ArrowArray.GetValue"/>; null is NULL.</summary>
public sealed record Literal(object? Value, DataType Type, SourceSpan Origin) : Expr(Type, Value is null, Origin)
{
    public override ImmutableArray<Expr> Children => [];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this;

    public bool IsTrue => Value is true;

    public bool IsNull => Value is null;
}

/// <summary>The value of a column of the node below.</summary>
public sealed record ColumnRef(PlanColumn Column, SourceSpan Origin) : Expr(Column.Type, Column.Nullable, Origin)
{
    public override ImmutableArray<Expr> Children => [];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this;
}

/// <summary>A function or operator, resolved to one overload; arguments already have the parameters' types.</summary>
public sealed record Call(SqlFunction Function, Overload Overload, ImmutableArray<Expr> Arguments, DataType Type, bool Nullable, SourceSpan Origin)
    : Expr(Type, Nullable, Origin)
{
    public override ImmutableArray<Expr> Children => Arguments;

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Arguments = children };

    public override bool CanFailHere => Overload.CanFail;

    public override bool IsDeterministicHere => Function.IsDeterministic;
}

/// <summary>A cast. ANSI: fails on a value that does not fit, unless <paramref name="Try"/>, which gives NULL.</summary>
/// <param name="Safe">True where no value can fail (widening), so that the cast is Total.</param>
public sealed record Cast(Expr Input, DataType To, bool Try, bool Safe, SourceSpan Origin) : Expr(To, Input.Nullable || Try || (To is DecimalType && Input.Type is FloatType or DoubleType), Origin)
{
    public override ImmutableArray<Expr> Children => [Input];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Input = children[0] };

    public override bool CanFailHere => !Try && !Safe;
}

public enum LogicOp
{
    And,
    Or,
}

/// <summary>Three-valued AND and OR. The right side is not evaluated where the left decides.</summary>
public sealed record Logic(LogicOp Op, Expr Left, Expr Right, SourceSpan Origin) : Expr(DataType.Boolean, Left.Nullable || Right.Nullable, Origin)
{
    public override ImmutableArray<Expr> Children => [Left, Right];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Left = children[0], Right = children[1] };
}

/// <summary>Three-valued NOT.</summary>
public sealed record Not(Expr Input, SourceSpan Origin) : Expr(DataType.Boolean, Input.Nullable, Origin)
{
    public override ImmutableArray<Expr> Children => [Input];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Input = children[0] };
}

/// <summary>TRUE where the input is NULL, else FALSE.</summary>
public sealed record IsNull(Expr Input, SourceSpan Origin) : Expr(DataType.Boolean, false, Origin)
{
    public override ImmutableArray<Expr> Children => [Input];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Input = children[0] };
}

/// <summary><c>&lt;=&gt;</c>: TRUE where both are NULL or both are equal, else FALSE. Both sides have one type.</summary>
public sealed record NullSafeEqual(Expr Left, Expr Right, SourceSpan Origin) : Expr(DataType.Boolean, false, Origin)
{
    public override ImmutableArray<Expr> Children => [Left, Right];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Left = children[0], Right = children[1] };
}

/// <summary>One branch of a <see cref="Case"/>.</summary>
public sealed record CaseBranch(Expr When, Expr Then);

/// <summary>The value of the first branch whose condition is TRUE, else <paramref name="Else"/>. Later branches are not evaluated.</summary>
public sealed record Case(ImmutableArray<CaseBranch> Branches, Expr Else, SourceSpan Origin)
    : Expr(Else.Type, Else.Nullable || Branches.Any(b => b.Then.Nullable), Origin)
{
    public override ImmutableArray<Expr> Children => [.. Branches.SelectMany(b => new[] { b.When, b.Then }), Else];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with
    {
        Branches = [.. Branches.Select((_, i) => new CaseBranch(children[2 * i], children[(2 * i) + 1]))],
        Else = children[^1],
    };
}

/// <summary>The first argument that is not NULL. Later ones are not evaluated. All have one type.</summary>
public sealed record Coalesce(ImmutableArray<Expr> Arguments, SourceSpan Origin)
    : Expr(Arguments[0].Type, Arguments.All(a => a.Nullable), Origin)
{
    public override ImmutableArray<Expr> Children => Arguments;

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Arguments = children };
}

/// <summary><c>x IN (a, b, …)</c> over constants or expressions of x's type: NULL where nothing equals x and x or an item is NULL.</summary>
public sealed record InList(Expr Input, ImmutableArray<Expr> Items, SourceSpan Origin)
    : Expr(DataType.Boolean, Input.Nullable || Items.Any(i => i.Nullable), Origin)
{
    public override ImmutableArray<Expr> Children => [Input, .. Items];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Input = children[0], Items = children[1..] };
}

/// <summary>A field of a STRUCT; NULL where the struct is NULL.</summary>
public sealed record GetField(Expr Input, int Index, DataType Type, bool Nullable, SourceSpan Origin) : Expr(Type, Nullable, Origin)
{
    public string Name => ((StructType)Input.Type).Fields[Index].Name;

    public override ImmutableArray<Expr> Children => [Input];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Input = children[0] };
}

public enum RunConstantKind
{
    /// <summary>TIMESTAMP: when the update started.</summary>
    CurrentTimestamp,

    /// <summary>DATE of that in the session zone.</summary>
    CurrentDate,

    /// <summary>STRING: the session zone's id.</summary>
    CurrentTimeZone,
}

/// <summary>A value fixed once per update.</summary>
public sealed record RunConstant(RunConstantKind Kind, DataType Type, SourceSpan Origin) : Expr(Type, false, Origin)
{
    public override ImmutableArray<Expr> Children => [];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this;
}

/// <summary>What a subquery knows of the row around it: inside, a column; outside, the value that it stands for.</summary>
/// <param name="Parameter">The column that the subquery's plan reads and that no node of it puts out.</param>
/// <param name="Value">Over the columns of the node that the subquery stands in.</param>
public sealed record Correlation(PlanColumn Parameter, Expr Value);

/// <summary>A <c>(SELECT …)</c> as a value: NULL if it has no row; more than one row fails (LF5011).</summary>
/// <param name="Plan">One column.</param>
/// <param name="Outer">What it reads of the row around it; empty once <see cref="Optimizer.Unnesting.Unnester"/> has been here.</param>
public sealed record ScalarSubquery(LogicalPlan Plan, ImmutableArray<Correlation> Outer, DataType Type, SourceSpan Origin) : Expr(Type, true, Origin)
{
    public override ImmutableArray<Expr> Children => [.. Outer.Select(c => c.Value)];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with { Outer = [.. Outer.Select((c, i) => c with { Value = children[i] })] };

    public override bool CanFailHere => true;
}

/// <summary><c>x IN (SELECT …)</c> or <c>EXISTS (SELECT …)</c> as a value.</summary>
/// <param name="Inputs">What is looked for, one value for each column of the plan; empty for EXISTS.</param>
/// <param name="Plan">Where.</param>
/// <param name="Outer">What it reads of the row around it, as in <see cref="ScalarSubquery"/>.</param>
public sealed record SubqueryTest(ImmutableArray<Expr> Inputs, LogicalPlan Plan, ImmutableArray<Correlation> Outer, SourceSpan Origin)
    : Expr(DataType.Boolean, Inputs.Any(i => i.Nullable) || (!Inputs.IsEmpty && Plan.Columns.Any(c => c.Nullable)), Origin)
{
    public bool IsExists => Inputs.IsEmpty;

    public override ImmutableArray<Expr> Children => [.. Inputs, .. Outer.Select(c => c.Value)];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this with
    {
        Inputs = children[..Inputs.Length],
        Outer = [.. Outer.Select((c, i) => c with { Value = children[Inputs.Length + i] })],
    };
}

/// <summary>What binding puts where it reported a mistake, so that it can go on. Never in a plan without errors.</summary>
public sealed record ErrorExpr(SourceSpan Origin) : Expr(DataType.Null, true, Origin)
{
    public override ImmutableArray<Expr> Children => [];

    public override Expr WithChildren(ImmutableArray<Expr> children) => this;
}
