using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Connect.Files;
using Lakeflow.Delta;
using Lakeflow.Parquet;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>What the front end made of a set of texts, kept: parsing, binding, planning and writing C# are skipped.</summary>
/// <remarks>
/// The key is all that is known before the catalog is asked: texts, settings and our own assemblies. The entry holds the questions that
/// the compiler asked the catalog; each is asked again, and if one has another answer, the entry does not count. Compiling
/// has no other input, so what is found is what compiling anew would give. An entry names its assembly by the inner key of
/// <see cref="RoslynCompiler"/>. Only what compiled without errors is kept; its warnings are part of it.
/// </remarks>
internal sealed class PreparedPlans(PlanCache cache)
{
    /// <summary>Assemblies whose code decides what a text becomes. A package of theirs changes them, too: they name its version.</summary>
    private static readonly Lazy<string[]> Builds = new(() =>
    [
        Environment.Version.ToString(),
        .. new[]
        {
            typeof(PreparedPlans), typeof(Compilation), typeof(FileListing), typeof(IPipeline), typeof(Snapshot), typeof(ParquetWriter), typeof(RecordBatch),
        }.Select(t => t.Module.ModuleVersionId.ToString()),
    ]);

    /// <summary>The key of what these parts become.</summary>
    public static string KeyOf(IEnumerable<string> parts) => PlanCache.KeyOf(["prepared", .. Builds.Value, .. parts]);

    /// <summary>The entry under a key, with its assembly. It counts only if <see cref="Holds"/> says so.</summary>
    public (PreparedPlan Plan, byte[] Image)? Find(string key) =>
        cache.Find(key) is { } stored && Read(stored) is var plan && cache.Find(plan.AssemblyKey) is { } image ? (plan, image) : null;

    /// <summary>Whether all that an entry rests on is still so.</summary>
    public bool Holds(string key, PreparedPlan plan, LiveCatalog catalog)
    {
        var now = ImmutableArray.CreateBuilder<CatalogQuestion>(plan.Asked.Length);
        foreach (var question in plan.Asked)
        {
            if (question.AskAgain(catalog) is not { } answered) return false;
            now.Add(answered);
        }

        // New files with the same columns: next time they need no look into them.
        if (!now.Select(q => q.Identity).SequenceEqual(plan.Asked.Select(q => q.Identity))) Keep(key, plan with { Asked = now.ToImmutable() });
        return true;
    }

    public void Keep(string key, PreparedPlan plan)
    {
        using var stream = new MemoryStream();
        using (var to = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) Write(to, plan);
        cache.Keep(key, stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static void Write(BinaryWriter to, PreparedPlan plan)
    {
        to.Write(plan.AssemblyKey);
        to.Write(plan.Text);
        to.Write(plan.Diagnostics.Length);
        foreach (var diagnostic in plan.Diagnostics)
        {
            to.Write(diagnostic.Code);
            to.Write((byte)diagnostic.Severity);
            Write(to, diagnostic.At);
            to.Write(diagnostic.Message);
            Write(to, diagnostic.Hint);
            to.Write(diagnostic.Also is not null);
            if (diagnostic.Also is { } also) Write(to, also);
        }

        to.Write(plan.Asked.Length);
        foreach (var question in plan.Asked)
        {
            to.Write((byte)question.Kind);
            to.Write(question.Words.Length);
            foreach (var word in question.Words) to.Write(word);
            if (question.Files is { } files) Write(to, files);
            to.Write(question.Answer);
            Write(to, question.Identity);
        }
    }

    private static PreparedPlan Read(byte[] stored)
    {
        using var from = new BinaryReader(new MemoryStream(stored), Encoding.UTF8);
        var assembly = from.ReadString();
        var text = from.ReadString();
        var diagnostics = Many(from, () => new Diagnostic(from.ReadString(), (Severity)from.ReadByte(), ReadSpan(from), from.ReadString(), ReadText(from))
        {
            Also = from.ReadBoolean() ? ReadSpan(from) : null,
        });
        var asked = Many(from, () =>
        {
            var kind = (CatalogQuestionKind)from.ReadByte();
            var words = Many(from, from.ReadString);
            var files = kind == CatalogQuestionKind.Files ? ReadRequest(from) : null;
            return new CatalogQuestion(kind, words, files, from.ReadString(), ReadText(from));
        });
        return new PreparedPlan(assembly, text, diagnostics, asked);
    }

    private static void Write(BinaryWriter to, FileRequest request)
    {
        to.Write(request.Path);
        to.Write(request.Function);
        Write(to, request.Format);
        Write(to, request.Schema is null ? null : SchemaJson.Write(request.Schema));
        Write(to, request.SchemaHints is null ? null : SchemaJson.Write(request.SchemaHints));
        to.Write(request.Options.Length);
        foreach (var option in request.Options)
        {
            to.Write(option.Name);
            Write(to, option.Value);
            Write(to, option.At);
        }

        to.Write(request.Streaming);
        Write(to, request.At);
    }

    private static FileRequest ReadRequest(BinaryReader from)
    {
        var (path, function, format) = (from.ReadString(), from.ReadString(), ReadText(from));
        var (schema, hints) = (ReadSchema(from), ReadSchema(from));
        var options = Many(from, () => new OptionSetting(from.ReadString(), ReadText(from), ReadSpan(from)));
        return new FileRequest(path, function, format, schema, hints, options, from.ReadBoolean(), ReadSpan(from));
    }

    private static Schema? ReadSchema(BinaryReader from) => ReadText(from) is { } json ? SchemaJson.Read(json) : null;

    private static void Write(BinaryWriter to, SourceSpan span)
    {
        to.Write(span.File);
        to.Write(span.Line);
        to.Write(span.Column);
        to.Write(span.EndLine);
        to.Write(span.EndColumn);
    }

    private static SourceSpan ReadSpan(BinaryReader from) => new(from.ReadString(), from.ReadInt32(), from.ReadInt32(), from.ReadInt32(), from.ReadInt32());

    private static void Write(BinaryWriter to, string? text)
    {
        to.Write(text is not null);
        if (text is not null) to.Write(text);
    }

    private static string? ReadText(BinaryReader from) => from.ReadBoolean() ? from.ReadString() : null;

    private static ImmutableArray<T> Many<T>(BinaryReader from, Func<T> one)
    {
        var items = new T[from.ReadInt32()];
        for (var i = 0; i < items.Length; i++) items[i] = one();
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}

/// <summary>What is left of a compilation once its code is compiled.</summary>
/// <param name="AssemblyKey">Where the cache keeps the assembly.</param>
/// <param name="Text">A query with the views behind it; empty for a project.</param>
/// <param name="Diagnostics">Warnings and notes of the compiler.</param>
/// <param name="Asked">What the compiler learned from the catalog.</param>
internal sealed record PreparedPlan(string AssemblyKey, string Text, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<CatalogQuestion> Asked);
