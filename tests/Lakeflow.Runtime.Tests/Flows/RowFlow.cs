using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>A flow over (x, y) written by hand, row by row: what generated code does, in the plainest way.</summary>
/// <param name="info">The flow; every source has the columns x and y.</param>
/// <param name="rules">The conditions of the flow's expectations, in order; null is NULL.</param>
internal sealed class RowFlow(FlowInfo info, params Func<long?, string?, bool?>[] rules) : IFlow
{
    public FlowInfo Info => info;

    public void Run(FlowRun run)
    {
        for (var slot = 0; slot < info.Sources.Length; slot++)
        {
            run.Drive(run.Source(slot), worker => new Copy(run, run.Output(worker), rules));
        }
    }

    private sealed class Copy(FlowRun run, IBatchSink output, Func<long?, string?, bool?>[] rules) : ISegment
    {
        public void Process(RecordBatch rows)
        {
            var builders = run.Flow.Output.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToArray();
            var passed = new long[rules.Length];
            var dropped = 0L;
            for (var i = 0; i < rows.Length; i++)
            {
                var drop = false;
                for (var r = 0; r < rules.Length; r++)
                {
                    if (rules[r]((long?)rows.Columns[0].GetValue(i), (string?)rows.Columns[1].GetValue(i)) == true)
                    {
                        passed[r]++;
                        continue;
                    }

                    drop |= run.Flow.Expectations[r].Action == ViolationAction.DropRow;
                    if (run.Counts.WantsSample(r)) run.Counts.AddSample(r, RowJson.Whole(rows, i), rows.Origin, i);
                }

                if (drop) dropped++;
                else for (var c = 0; c < builders.Length; c++) builders[c].AppendFrom(rows.Columns[c], i);
            }

            for (var r = 0; r < rules.Length; r++) run.Counts.AddVerdicts(r, passed[r], rows.Length - passed[r]);
            run.Counts.AddDropped(dropped);
            var kept = builders[0].Length;
            using var result = new RecordBatch(run.Flow.Output, [.. builders.Select(b => b.Build())], kept) { Ordinal = rows.Ordinal, Origin = rows.Origin };
            output.Write(result);
        }

        public void Finish()
        {
        }
    }
}

/// <summary>A pipeline of hand-written flows.</summary>
internal sealed class RowPipeline(PipelineInfo info, Func<FlowInfo, IFlow> code) : IPipeline
{
    public PipelineInfo Info => info;

    public IReadOnlyList<IFlow> CreateFlows() => [.. info.Flows.Select(code)];
}
