using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Kernels;

/// <summary>A value on which a kernel cannot go on. The segment knows what SQL stands at the site.</summary>
public sealed class KernelFault : RuntimeError
{
    public KernelFault(int site, string code, string message, string? hint, string? errorClass, Exception? inner = null)
        : base(code, message, hint, errorClass, inner: inner) => Site = site;

    /// <summary>Index into the segment's table of spans.</summary>
    public int Site { get; }
}
