using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Compression;

/// <summary>Zstandard through the system's libzstd, where there is one.</summary>
internal static unsafe class Zstd
{
    private static readonly string[] Names =
        OperatingSystem.IsWindows() ? ["libzstd.dll", "zstd.dll"]
        : OperatingSystem.IsMacOS() ? ["libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.1.dylib"]
        : ["libzstd.so.1", "libzstd.so"];

    private static readonly Lazy<Functions?> Library = new(Load);

    [ThreadStatic]
    private static Context? context;

    public static bool IsAvailable => Library.Value is not null;

    /// <summary>The largest size that a frame of this many bytes can have: a block of 128 KB takes at least 4 bytes.</summary>
    public static long LargestSize(int compressed) => (compressed / 4L + 1) * (128 << 10);

    /// <summary>Fills <paramref name="target"/> exactly, or throws.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var library = Library.Value!;
        context ??= new Context(library);
        // A pointer to no bytes would be null; libzstd wants one all the same.
        byte none = 0;
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            var size = library.Decompress(context.Decompressor, to is null ? &none : to, (nuint)target.Length, from, (nuint)source.Length);
            if (library.IsError(size) != 0) throw new BrokenDataException(library.Describe(size));
            if (size != (nuint)target.Length) throw new BrokenDataException($"it holds {size} bytes where the page has {target.Length}");
        }
    }

    public static int LargestEncoded(int length) => checked((int)Library.Value!.Bound((nuint)length));

    /// <returns>Bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> target, int level)
    {
        var library = Library.Value!;
        context ??= new Context(library);
        byte none = 0;
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            var size = library.Compress(context.Compressor, to, (nuint)target.Length, from is null ? &none : from, (nuint)source.Length, level);
            return library.IsError(size) == 0 ? (int)size : throw new InvalidOperationException(library.Describe(size));
        }
    }

    private static Functions? Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, typeof(Zstd).Assembly, null, out var handle) && Functions.TryBind(handle) is { } functions) return functions;
        }

        return null;
    }

    /// <summary>A thread's working memory inside libzstd.</summary>
    private sealed class Context
    {
        private readonly Functions library;

        public Context(Functions library)
        {
            this.library = library;
            Decompressor = library.CreateDecompressor();
            Compressor = library.CreateCompressor();
        }

        ~Context()
        {
            library.FreeDecompressor(Decompressor);
            library.FreeCompressor(Compressor);
        }

        public nint Decompressor { get; }

        public nint Compressor { get; }
    }

    private sealed class Functions
    {
        private readonly delegate* unmanaged<nuint, byte*> nameOfError;

        private Functions(nint library)
        {
            Decompress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint>)NativeLibrary.GetExport(library, "ZSTD_decompressDCtx");
            Compress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int, nuint>)NativeLibrary.GetExport(library, "ZSTD_compressCCtx");
            Bound = (delegate* unmanaged<nuint, nuint>)NativeLibrary.GetExport(library, "ZSTD_compressBound");
            IsError = (delegate* unmanaged<nuint, uint>)NativeLibrary.GetExport(library, "ZSTD_isError");
            CreateDecompressor = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createDCtx");
            CreateCompressor = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createCCtx");
            FreeDecompressor = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeDCtx");
            FreeCompressor = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeCCtx");
            nameOfError = (delegate* unmanaged<nuint, byte*>)NativeLibrary.GetExport(library, "ZSTD_getErrorName");
        }

        public delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint> Decompress { get; }

        public delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int, nuint> Compress { get; }

        public delegate* unmanaged<nuint, nuint> Bound { get; }

        public delegate* unmanaged<nuint, uint> IsError { get; }

        public delegate* unmanaged<nint> CreateDecompressor { get; }

        public delegate* unmanaged<nint> CreateCompressor { get; }

        public delegate* unmanaged<nint, nuint> FreeDecompressor { get; }

        public delegate* unmanaged<nint, nuint> FreeCompressor { get; }

        /// <summary>Null where the library lacks a function: it is not the one we know.</summary>
        public static Functions? TryBind(nint library)
        {
            try
            {
                return new Functions(library);
            }
            catch (EntryPointNotFoundException)
            {
                return null;
            }
        }

        public string Describe(nuint code) => Marshal.PtrToStringUTF8((nint)nameOfError(code)) ?? "unknown error";
    }
}
