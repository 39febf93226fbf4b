using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Plans;

/// <summary>A column that a plan node puts out. Its identity is <see cref="Id"/>: names may repeat, ids do not.</summary>
/// <remarks>
/// An expression refers to a column by id, so a rule may move it up and down the tree without renumbering. Whoever binds a
/// subtree twice (a view with two readers, both sides of a self join) gives each copy ids of its own.
/// </remarks>
/// <param name="Id">Unique within a flow's plan, given out in binding order.</param>
/// <param name="Name">For people: the alias or the source's column name. In a <see cref="Scan"/>, the name to read.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">False only where NULL cannot occur.</param>
public sealed record PlanColumn(int Id, string Name, DataType Type, bool Nullable)
{
    public bool Equals(PlanColumn? other) => other is not null && Id == other.Id;

    public override int GetHashCode() => Id;

    public override string ToString() => Name;
}
