namespace Lakeflow.Runtime.Kernels;

/// <summary>Something that a text argument is compiled to once: a pattern, a format, a path.</summary>
public interface ICompiledText;

/// <summary>The static side of <see cref="ICompiledText"/>.</summary>
public interface ICompiledText<TSelf> : ICompiledText
    where TSelf : class, ICompiledText<TSelf>
{
    /// <summary>Compiles; a text that is not well-formed gives an object whose use fails, so that unused constants do no harm.</summary>
    static abstract TSelf Compile(string text);
}
