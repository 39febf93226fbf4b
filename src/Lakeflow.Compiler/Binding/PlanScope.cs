using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>One flow's plan in the making: gives out column ids, remembers what is read.</summary>
internal sealed class PlanScope
{
    private int nextId;

    /// <summary>Datasets read by the query itself.</summary>
    public HashSet<QualifiedName> Direct { get; } = [];

    /// <summary>Those, and what the views among them read.</summary>
    public HashSet<QualifiedName> Reads { get; } = [];

    /// <summary>Views being put in place, outermost first: what they read is not read directly.</summary>
    public int ViewDepth { get; set; }

    /// <summary>For each column that <c>window</c> or <c>session_window</c> made, the time that it is the window of.</summary>
    public Dictionary<int, Expr> WindowTimes { get; } = [];

    /// <summary>Columns with what each row alone is the session of: where they are grouped by, they grow together.</summary>
    public HashSet<int> Sessions { get; } = [];

    /// <summary>For each column with the numbers of sessions, what they were made of.</summary>
    public Dictionary<int, SessionKey> SessionNumbers { get; } = [];

    public PlanColumn NewColumn(string name, DataType type, bool nullable) => new(++nextId, name, type, nullable);

    public void Read(QualifiedName dataset)
    {
        Reads.Add(dataset);
        if (ViewDepth == 0) Direct.Add(dataset);
    }
}
