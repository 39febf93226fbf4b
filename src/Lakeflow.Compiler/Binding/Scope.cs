namespace Lakeflow.Compiler.Binding;

/// <summary>The columns that an expression may use.</summary>
internal sealed class Scope
{
    public static readonly Scope Empty = new([], []);

    public Scope(ImmutableArray<ScopeColumn> columns, ImmutableArray<ImmutableArray<string>> unknown)
    {
        Columns = columns;
        Unknown = unknown;
    }

    public ImmutableArray<ScopeColumn> Columns { get; }

    /// <summary>Qualifiers of relations whose columns are not known, because something upstream is in error.</summary>
    public ImmutableArray<ImmutableArray<string>> Unknown { get; }

    public bool HasUnknown => !Unknown.IsEmpty;

    public IEnumerable<string> Names => Columns.Where(c => c.Visibility != Visibility.Hidden).Select(c => c.Name);

    public IEnumerable<string> Qualifiers => Columns.Where(c => !c.Qualifier.IsEmpty).Select(c => c.Qualifier[^1]).Distinct(StringComparer.OrdinalIgnoreCase);

    public Scope Beside(Scope other) => new(Columns.AddRange(other.Columns), Unknown.AddRange(other.Unknown));

    /// <summary>All columns under one alias; hidden columns stay hidden, merged ones of USING disappear.</summary>
    public Scope As(string alias) => new(
        [.. Columns.Where(c => c.Visibility != Visibility.Qualified).Select(c => c with { Qualifier = [alias] })],
        HasUnknown ? [[alias]] : []);

    /// <summary>Columns of that name whose table matches; <paramref name="qualifier"/> empty: any table.</summary>
    public List<ScopeColumn> Find(ReadOnlySpan<string> qualifier, string name)
    {
        var found = new List<ScopeColumn>();
        foreach (var column in Columns)
        {
            if (!string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            if (qualifier.IsEmpty ? column.Visibility != Visibility.Qualified : column.IsFrom(qualifier)) found.Add(column);
        }

        return found;
    }

    /// <summary>True if a column of that table might exist though it is not known.</summary>
    public bool MayHold(ReadOnlySpan<string> qualifier)
    {
        if (qualifier.IsEmpty) return HasUnknown;
        foreach (var known in Unknown)
        {
            if (known.IsEmpty || new ScopeColumn(null!, "", known).IsFrom(qualifier)) return true;
        }

        return false;
    }
}
