using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Physical;

/// <summary>A join condition taken apart: equalities between the sides, by which rows are found, and the rest.</summary>
/// <param name="Left">Key expressions over the left side.</param>
/// <param name="Right">Key expressions over the right side, of the same types.</param>
/// <param name="NullSafe">For each key whether NULL equals NULL.</param>
/// <param name="Residual">What is left, in its order, or null.</param>
internal sealed record EquiKeys(ImmutableArray<Expr> Left, ImmutableArray<Expr> Right, ImmutableArray<bool> NullSafe, Expr? Residual)
{
    public static EquiKeys Of(Join join)
    {
        var leftIds = join.Left.Columns.Select(c => c.Id).ToHashSet();
        var rightIds = join.Right.Columns.Select(c => c.Id).ToHashSet();
        var left = ImmutableArray.CreateBuilder<Expr>();
        var right = ImmutableArray.CreateBuilder<Expr>();
        var nullSafe = ImmutableArray.CreateBuilder<bool>();
        Expr? residual = null;
        foreach (var part in join.Condition is null ? [] : Conjuncts(join.Condition))
        {
            var sides = part switch
            {
                Call { Function.Name: "=" or "==", Arguments: [var a, var b] } => (a, b, false),
                NullSafeEqual e => (e.Left, e.Right, true),
                _ => default((Expr, Expr, bool)?),
            };
            if (sides is var (x, y, safe) && x.Type.Equals(y.Type) && x.Type is not NullType && !NestedKeys.HasMap(x.Type) && x.IsDeterministic && y.IsDeterministic)
            {
                if (Reads(y, leftIds) && Reads(x, rightIds)) (x, y) = (y, x);
                if (Reads(x, leftIds) && Reads(y, rightIds))
                {
                    left.Add(NestedKeys.IsFlat(x.Type) ? x : NestedKeys.BytesOf(x));
                    right.Add(NestedKeys.IsFlat(y.Type) ? y : NestedKeys.BytesOf(y));
                    nullSafe.Add(safe);
                    continue;
                }
            }

            residual = residual is null ? part : Expr.And(residual, part);
        }

        return new EquiKeys(left.ToImmutable(), right.ToImmutable(), nullSafe.ToImmutable(), residual);
    }

    public static IEnumerable<Expr> Conjuncts(Expr condition) => condition is Logic { Op: LogicOp.And } and
        ? Conjuncts(and.Left).Concat(Conjuncts(and.Right))
        : condition is Literal { IsTrue: true } ? [] : [condition];

    /// <summary>True if it reads columns, and only of that side.</summary>
    private static bool Reads(Expr expr, HashSet<int> side) => expr.ColumnsRead().ToList() is { Count: > 0 } read && read.TrueForAll(c => side.Contains(c.Id));
}
