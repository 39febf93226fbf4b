using System.Diagnostics;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Physical;

/// <summary>Joins: which side is gathered, and what the probe keeps.</summary>
internal sealed partial class FlowPlanner
{
    private Pipe LowerJoin(Join join)
    {
        // The side whose unmatched rows survive is the one that is streamed past the table. An inner join may choose.
        var buildLeft = join.Kind == JoinKind.Right || (join.BuildLeft && join.Kind is JoinKind.Inner or JoinKind.Cross);
        var keys = EquiKeys.Of(join);
        if (join.Kind == JoinKind.NullAwareAnti && (keys.Residual is not null || keys.Left.Length != 1)) throw new UnreachableException(join.Describe());

        // Sources get their slots from left to right, whichever side is built first.
        var left = Lower(join.Left);
        var right = Lower(join.Right);
        var (probe, build) = buildLeft ? (right, left) : (left, right);
        var (probeKeys, buildKeys) = buildLeft ? (keys.Right, keys.Left) : (keys.Left, keys.Right);

        var (rows, columns) = WithColumns(build, buildKeys, join.Origin);
        var table = new JoinStage(build.Name + "_table", Gather(rows), columns, keys.NullSafe);
        stages.Add(table);

        var kind = join.Kind == JoinKind.Right ? JoinKind.Left : join.Kind;
        if (probe.Steps.Any(s => !MayRepeat(s))) probe = new Pipe(probe.Name + "_rows", new FeedInput([probe], probe.Columns), []);
        var probed = probe.With(new ProbeStep(table, join, kind, probeKeys, keys.Residual, join.Columns));
        return join.Kind == JoinKind.Full ? WithUnmatched(join, table, probed) : probed;
    }

    /// <summary>False for what must not happen to a row twice: a row whose partners are not in memory is set aside, and comes from the pipe's input again.</summary>
    private static bool MayRepeat(Step step) => step switch
    {
        RowStep { Node: Expect } or InTimeStep => false,
        RowStep row => row.Node.Expressions().All(e => e.IsDeterministic),
        ProbeStep probe => probe.Keys.All(k => k.IsDeterministic) && probe.Residual?.IsDeterministic != false,
        _ => true,
    };

    /// <summary>A full join has two producers: the probe, and after it the build rows that met nobody.</summary>
    private static Pipe WithUnmatched(Join join, JoinStage table, Pipe probed)
    {
        var rest = new Pipe(table.Name + "_unmatched", new UnmatchedInput(table, table.Rows.Pipe.Columns), []);
        var built = join.Right.Columns.Select(c => c.Id).ToHashSet();
        var items = join.Columns.Select(c => new NamedExpr(
            built.Contains(c.Id) ? new ColumnRef(table.Rows.Pipe.Columns.First(b => b.Id == c.Id), join.Origin) : new Literal(null, c.Type, join.Origin), c));
        rest = rest.With(new RowStep(new Project(join.Right, [.. items], join.Origin)));
        return new Pipe(probed.Name + "_joined", new FeedInput([probed, rest], join.Columns), []);
    }
}
