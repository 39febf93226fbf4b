namespace Lakeflow.Cli.Repl;

/// <summary>Who sits at the terminal.</summary>
/// <param name="Editor">What they type.</param>
/// <param name="Pager">What they want to see.</param>
/// <param name="Size">Columns and rows that they see, now.</param>
/// <param name="WarmUp">What goes on while they type.</param>
internal sealed record Person(LineEditor Editor, Pager Pager, Func<(int Width, int Height)> Size, WarmUp WarmUp);
