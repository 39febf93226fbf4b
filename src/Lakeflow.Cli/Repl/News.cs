namespace Lakeflow.Cli.Repl;

/// <summary>What the prompt has to say by itself, kept until it stands between two statements or a line is typed.</summary>
internal sealed class News
{
    private readonly Lock gate = new();
    private string waiting = "";

    /// <summary>Called, from any thread, when there is something.</summary>
    public Action? Posted { get; set; }

    public void Post(string text)
    {
        if (text.Length == 0) return;
        lock (gate) waiting += text;
        Posted?.Invoke();
    }

    /// <summary>All that was posted since the last time, whole lines; empty for nothing.</summary>
    public string Take()
    {
        lock (gate)
        {
            var text = waiting;
            waiting = "";
            return text;
        }
    }
}
