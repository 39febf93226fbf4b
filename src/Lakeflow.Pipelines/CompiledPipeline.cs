using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>A pipeline compiled and loaded. Disposing lets its code be unloaded once nothing runs it any more.</summary>
public sealed class CompiledPipeline : IDisposable
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

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

    /// <summary>Loads an assembly of the plan cache, and has its methods compiled, on threads of the pool: what runs first need not wait for all.</summary>
    /// <remarks>The code of a query is compiled when it is loaded, optimized; that is half of the time that a cached query takes.</remarks>
    public static Task<CompiledPipeline> LoadAhead(byte[] image)
    {
        var loading = Task.Run(() => Load(image, fromCache: true));
        _ = loading.ContinueWith(loaded => Ready(loaded.Result.Pipeline.GetType().Assembly), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        return loading;
    }

    public void Dispose() => context.Unload();

    /// <summary>Compiles the methods of an assembly, and those of generic types over its own that its objects hold.</summary>
    private static void Ready(Assembly assembly)
    {
        var own = assembly.GetTypes();
        foreach (var type in own) Ready(type);
        foreach (var held in own.SelectMany(t => t.GetFields(All)).Select(f => f.FieldType).Where(t => t.IsConstructedGenericType && Array.Exists(t.GenericTypeArguments, a => a.Assembly == assembly)).Distinct()) Ready(held);
    }

    private static void Ready(Type type)
    {
        if (type.ContainsGenericParameters) return;
        RuntimeTypeHandle[]? arguments = type.IsGenericType ? [.. type.GenericTypeArguments.Select(a => a.TypeHandle)] : null;
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            if (!method.IsAbstract && !method.ContainsGenericParameters) RuntimeHelpers.PrepareMethod(method.MethodHandle, arguments);
        }
    }
}
