using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>A projection that passes on its input's columns as they are is no work at all.</summary>
/// <remarks>
/// <code>
/// Project a, b
///   X [a, b]      →     X
/// </code>
/// </remarks>
public sealed class RemoveIdentityProject : IRule
{
    public LogicalPlan? Apply(LogicalPlan node)
    {
        if (node is not Project project) return null;
        var columns = project.Input.Columns;
        if (columns.Length != project.Items.Length) return null;
        for (var i = 0; i < columns.Length; i++)
        {
            var item = project.Items[i];
            if (item.Value is not ColumnRef { Column: var read } || read.Id != columns[i].Id || item.Column.Id != read.Id || item.Column.Name != columns[i].Name) return null;
        }

        return project.Input;
    }
}
