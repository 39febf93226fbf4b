namespace Lakeflow.Runtime.Kernels;

/// <summary>For a pattern that comes from a column: keeps the last one compiled, since neighbours are often equal.</summary>
public struct CompiledCache<T>
    where T : class, ICompiledText<T>
{
    private byte[]? text;
    private T? compiled;

    public T Get(Utf8 wanted)
    {
        if (compiled is not null && wanted.Bytes.SequenceEqual(text)) return compiled;
        text = wanted.ToArray();
        return compiled = T.Compile(wanted.ToString());
    }
}
