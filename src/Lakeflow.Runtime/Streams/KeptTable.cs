using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Streams;

/// <summary>A state table of stream rows.</summary>
/// <param name="Name">Its folder among the flow's state; it tells what the rows mean.</param>
/// <param name="Columns">Fields of structs in them are called by what they are made from, so that they stay what they are when the query or a source calls them otherwise.</param>
internal readonly record struct KeptTable(string Name, Schema Columns);
