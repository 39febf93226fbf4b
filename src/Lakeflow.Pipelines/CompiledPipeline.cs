using System.Runtime.Loader;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>A pipeline compiled and loaded. Disposing lets its code be unloaded once nothing runs it any more.</summary>
public sealed class CompiledPipeline : IDisposable
{
    private readonly AssemblyLoadContext context;

    private CompiledPipeline(IPipeline pipeline, AssemblyLoadContext context, bool fromCache)
    {
        Pipeline = pipeline;
        this.context = context;
        FromCache = fromCache;
    }

    /// <summary>The entry point.</summary>
    public IPipeline Pipeline { get; }

    /// <summary>True if Roslyn had nothing to do.</summary>
    public bool FromCache { get; }

    /// <summary>Loads an assembly's bytes into a context of its own.</summary>
    public static CompiledPipeline Load(byte[] image, bool fromCache)
    {
        var context = new AssemblyLoadContext("lakeflow", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(image));
        var entry = assembly.GetTypes().Single(t => t.IsAssignableTo(typeof(IPipeline)) && !t.IsAbstract);
        return new CompiledPipeline((IPipeline)Activator.CreateInstance(entry)!, context, fromCache);
    }

    public void Dispose() => context.Unload();
}
