using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>What the compiler asked the catalog, and what it was told.</summary>
/// <param name="Kind">Which of the catalog's questions it is.</param>
/// <param name="Words">The parts of a table's name, or a path.</param>
/// <param name="Files">The file source of a question for files.</param>
/// <param name="Answer">The hash of all that was answered, diagnostics included.</param>
/// <param name="Identity">The files that were looked into, by path, size and time; null where that does not tell their content.</param>
internal sealed record CatalogQuestion(CatalogQuestionKind Kind, ImmutableArray<string> Words, FileRequest? Files, string Answer, string? Identity)
{
    public static CatalogQuestion OfNames(LiveCatalog catalog) => new(CatalogQuestionKind.Names, [], null, HashOf(catalog.Tables), null);

    public static CatalogQuestion OfTable(QualifiedName name, Schema? found) =>
        new(CatalogQuestionKind.Table, [name.Catalog, name.Schema, name.Name], null, HashOf(found), null);

    public static CatalogQuestion OfTableAsOf(QualifiedName name, long? version, long? micros, Schema? found) =>
        new(CatalogQuestionKind.TableAsOf, [name.Catalog, name.Schema, name.Name, TextOf(version), TextOf(micros)], null, HashOf(found), null);

    public static CatalogQuestion OfFolder(string path, Schema? found) => new(CatalogQuestionKind.Folder, [path], null, HashOf(found), null);

    public static CatalogQuestion OfTableSize(QualifiedName name, long? size) =>
        new(CatalogQuestionKind.TableSize, [name.Catalog, name.Schema, name.Name], null, HashOf(size), null);

    public static CatalogQuestion OfFolderSize(string path, long? size) => new(CatalogQuestionKind.FolderSize, [path], null, HashOf(size), null);

    public static CatalogQuestion OfFiles(FileRequest request, string? identity, ResolvedFiles? resolved, DiagnosticBag found) =>
        new(CatalogQuestionKind.Files, [], request, HashOf(resolved, found), identity);

    /// <summary>Asks again. The question with what holds now; null if the answer is another one.</summary>
    public CatalogQuestion? AskAgain(LiveCatalog catalog) => Kind switch
    {
        CatalogQuestionKind.Names => IfSame(OfNames(catalog)),
        CatalogQuestionKind.Table => IfSame(OfTable(Table, catalog.FindTable(Table))),
        CatalogQuestionKind.TableAsOf => IfSame(OfTableAsOf(Table, NumberOf(Words[3]), NumberOf(Words[4]), catalog.FindTableAsOf(Table, NumberOf(Words[3]), NumberOf(Words[4])))),
        CatalogQuestionKind.TableSize => IfSame(OfTableSize(Table, catalog.SizeOfTable(Table))),
        CatalogQuestionKind.FolderSize => IfSame(OfFolderSize(Words[0], catalog.SizeOfPathTable(Words[0]))),
        CatalogQuestionKind.Folder => IfSame(OfFolder(Words[0], catalog.FindPathTable(Words[0]))),
        _ => AskForFiles(catalog),
    };

    private static string TextOf(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static long? NumberOf(string text) => text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture);

    private QualifiedName Table => new(Words[0], Words[1], Words[2]);

    private CatalogQuestion? AskForFiles(LiveCatalog catalog)
    {
        var identity = catalog.IdentityOf(Files!);
        // The very files that were there: inference would say what it said.
        if (identity is not null && identity == Identity) return this;
        var found = new DiagnosticBag();
        return IfSame(OfFiles(Files!, identity, catalog.ResolveFiles(Files!, found), found));
    }

    private CatalogQuestion? IfSame(CatalogQuestion now) => now.Answer == Answer ? now : null;

    private static string HashOf(IEnumerable<QualifiedName> names) => PlanCache.KeyOf(names.Select(n => n.ToString()));

    private static string HashOf(long? size) => size is null ? "none" : TextOf(size);

    private static string HashOf(Schema? schema) => PlanCache.KeyOf(PartsOf(schema));

    private static string HashOf(ResolvedFiles? files, DiagnosticBag found) => PlanCache.KeyOf(
    [
        files?.Format ?? "none",
        .. PartsOf(files?.Columns),
        .. files is null ? [] : files.Options.SelectMany(o => new[] { o.Key, o.Value }),
        .. found.ToImmutable().Select(d => $"{d} {d.At.EndLine},{d.At.EndColumn} {d.Also}"),
    ]);

    /// <summary>Names, types and nullability; then, in order of key, each column's metadata, whose own order differs between processes.</summary>
    private static IEnumerable<string> PartsOf(Schema? schema)
    {
        if (schema is null) return ["none"];
        var bare = schema.Fields.Select(f => f with { Metadata = ImmutableDictionary<string, string>.Empty });
        var metadata = schema.Fields.SelectMany(f => f.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).SelectMany(m => new[] { f.Name, m.Key, m.Value }));
        return [SchemaJson.Write(new Schema(bare.ToImmutableArray())), .. metadata];
    }
}

/// <summary>The questions of <see cref="ICatalog"/>.</summary>
internal enum CatalogQuestionKind : byte
{
    Names,
    Table,
    TableSize,
    Folder,
    FolderSize,
    Files,
    TableAsOf,
}
