namespace Lakeflow.Compiler.Plans;

/// <summary>A column of a source, or a field of a struct column as <c>column.field</c>.</summary>
public readonly record struct SourceColumn(PlanSource Source, string Path);
