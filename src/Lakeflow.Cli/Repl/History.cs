using System.Text;

namespace Lakeflow.Cli.Repl;

/// <summary>Statements typed before, kept in a file of the user, one a line; without a file, for this session only.</summary>
internal sealed class History
{
    private const int Most = 1000;

    private readonly string? file;
    private readonly List<string> lines = [];

    /// <summary>Statements that are not in the file yet, because another prompt was writing.</summary>
    private readonly List<string> unwritten = [];

    /// <param name="file">Where it is kept, or null.</param>
    public History(string? file)
    {
        this.file = file;
        try
        {
            if (file is not null && File.Exists(file)) lines.AddRange(File.ReadLines(file).TakeLast(Most).Select(Whole));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // History is a comfort; without it the prompt works as well. Another prompt may just be writing.
            _ = e;
        }
    }

    public int Count => lines.Count;

    public string this[Index index] => lines[index];

    /// <summary>The user's file, in <c>LAKEFLOW_HISTORY</c> (empty: none), else beside the settings of other tools.</summary>
    public static string? DefaultFile()
    {
        if (Environment.GetEnvironmentVariable("LAKEFLOW_HISTORY") is { } named) return named.Length == 0 ? null : named;
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return data.Length == 0 ? null : Path.Combine(data, "lakeflow", "history");
    }

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || (lines.Count > 0 && lines[^1] == line)) return;
        lines.Add(line);
        if (file is null) return;
        unwritten.Add(OneLine(line));
        try
        {
            // Lines may hold what is nobody else's business.
            const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            else Directory.CreateDirectory(Path.GetDirectoryName(file)!, Private | UnixFileMode.UserExecute);
            // One prompt writes at a time: the other's statements wait for its next one.
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private;
            using var to = new StreamWriter(file, options);
            foreach (var one in unwritten) to.WriteLine(one);
            unwritten.Clear();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
            _ = e;
        }
    }

    /// <summary>A statement of several lines as one: <c>\n</c> stands for the end of a line, <c>\\</c> for a backslash.</summary>
    private static string OneLine(string statement) => statement.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Whole(string line)
    {
        var statement = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length) statement.Append(line[++i] == 'n' ? '\n' : line[i]);
            else statement.Append(line[i]);
        }

        return statement.ToString();
    }
}
