namespace Lakeflow.Runtime.Flows;

/// <summary>A compiled pipeline: what the generated code of a project is to the run time.</summary>
public interface IPipeline
{
    PipelineInfo Info { get; }

    /// <summary>A fresh instance of each flow's code, in the order of <see cref="PipelineInfo.Flows"/>.</summary>
    IReadOnlyList<IFlow> CreateFlows();
}

/// <summary>The generated code of one flow: its plan, cut into segments that run between breakers.</summary>
public interface IFlow
{
    FlowInfo Info { get; }

    /// <summary>One pass over what the run offers. Reads <see cref="FlowRun.Source"/>, writes <see cref="FlowRun.Output"/>; keeps nothing for the next pass.</summary>
    void Run(FlowRun run);
}
