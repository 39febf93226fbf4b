namespace Lakeflow.Runtime.Flows;

/// <summary>The full name of a dataset. Names compare without regard to case and keep the case they were written in.</summary>
public readonly record struct QualifiedName(string Catalog, string Schema, string Name) : IComparable<QualifiedName>
{
    public bool Equals(QualifiedName other) =>
        string.Equals(Catalog, other.Catalog, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Schema, other.Schema, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    public int CompareTo(QualifiedName other) => string.Compare(ToString(), other.ToString(), StringComparison.OrdinalIgnoreCase);

    /// <summary><c>catalog.schema.name</c>.</summary>
    public override string ToString() => $"{Catalog}.{Schema}.{Name}";
}
