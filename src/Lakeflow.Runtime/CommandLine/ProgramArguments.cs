using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>A command and its words: those of <c>lakeflow</c> that make sense for a pipeline that is compiled already, and where its paths lead.</summary>
/// <param name="Command">One of <see cref="Commands"/>.</param>
/// <param name="Lakehouse">The folder of the tables, absolute.</param>
/// <param name="Root">Where relative paths start, absolute.</param>
/// <param name="Mounts">Besides those of the project.</param>
/// <param name="Options">What to do.</param>
internal sealed record ProgramArguments(string Command, string Lakehouse, string Root, ImmutableArray<Mount> Mounts, UpdateOptions Options)
{
    public const string Run = "run";
    public const string Validate = "validate";
    public const string Explain = "explain";
    public const string History = "history";

    public const string Usage = """
        usage: {0} COMMAND [OPTIONS]

          run                 bring the tables up to date (also without a command)
          validate            see whether mounts, sources and tables fit the pipeline; changes nothing
          explain [DATASET]   show plans, and the C# that runs them
          history TABLE       show the versions of a table
          --version           Lakeflow's version, and which sources are built in
          --help

        where things are (run, validate, history):
          --lakehouse DIR     the folder of the tables
          --root DIR          where relative paths start (default: here)
          --mount PREFIX=DIR  the folder for a volume or bucket

        run:
          --refresh TABLES    only these (a,b)       --full-refresh TABLES   read all their input again
          --full-refresh-all  all that may be        --reset-flow FLOWS      flows read from the start, tables keep their rows
          --accept TABLES     go on from tables that another engine changed
          --adopt TABLES      take over tables of another pipeline, with their rows
          --workers N         threads of a flow      --retries N             tries after the first
          --yes               do not ask             --output text|json      json: one event a line
          --continuous | --triggered

        explain:  --plan bound|optimized|physical   --code
        history:  --limit N
        """;

    public static readonly string[] Commands = [Run, Validate, Explain, History];

    /// <summary>The dataset or table that the command is about, or null.</summary>
    public string? Name { get; private init; }

    /// <summary>Of <c>run</c>: go on until stopped.</summary>
    public bool Continuous { get; private init; }

    /// <summary>Of <c>run</c>: one JSON object a line.</summary>
    public bool Json { get; private init; }

    /// <summary>Of <c>explain</c>: one of <see cref="Explanation.Plans"/>.</summary>
    public string Plan { get; private init; } = "optimized";

    /// <summary>Of <c>explain</c>: the C#, too.</summary>
    public bool Code { get; private init; }

    /// <summary>Of <c>history</c>: versions to show.</summary>
    public int Limit { get; private init; } = 20;

    /// <summary>Reads the words; null, with what is wrong, if they make no sense.</summary>
    public static ProgramArguments? Parse(ReadOnlySpan<string> words, PipelineSettings settings, out string problem)
    {
        var command = words is [var first, ..] && !first.StartsWith('-') ? first : Run;
        if (!Commands.Contains(command))
        {
            problem = $"There is no command '{command}'.";
            return null;
        }

        if (words is [var named, ..] && named == command) words = words[1..];
        var asked = new ProgramArguments(command, "", Directory.GetCurrentDirectory(), [], settings.ApplyTo(new UpdateOptions { MaxRetries = settings.MaxRetries }))
        {
            Continuous = settings.Continuous,
        };
        string? lakehouse = null;
        problem = "";
        for (var i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith('-') && asked.Name is null && command is Explain or History)
            {
                asked = asked with { Name = words[i] };
                continue;
            }

            // --name=value and --name value are one thing.
            var split = words[i].StartsWith("--", StringComparison.Ordinal) ? words[i].IndexOf('=', StringComparison.Ordinal) : -1;
            var name = split < 0 ? words[i] : words[i][..split];
            if (asked.WithFlag(name) is { } flagged)
            {
                asked = flagged;
                continue;
            }

            var value = split >= 0 ? words[i][(split + 1)..] : i + 1 < words.Length ? words[++i] : null;
            if (value is { Length: 0 })
            {
                problem = $"'{name}' has an empty value.";
                return null;
            }

            if (name == "--lakehouse" && command != Explain && value is not null)
            {
                lakehouse = value;
            }
            else if (value is null || asked.With(name, value) is not { } changed)
            {
                problem = OfLakeflow(name)
                    ?? (value is null ? $"'{name}' is no option of {command}, or its value is missing." : $"'{name} {value}' is not understood by {command}.");
                return null;
            }
            else
            {
                asked = changed;
            }
        }

        if (command == History && asked.Name is null)
        {
            problem = "history takes the name of a table.";
            return null;
        }

        return asked with { Lakehouse = lakehouse is null ? PipelineSettings.FolderOf(settings.Lakehouse, asked.Root) : Path.GetFullPath(lakehouse) };
    }

    /// <summary>What to say to the options of <c>lakeflow run</c> that a compiled program cannot have; null for any other.</summary>
    private static string? OfLakeflow(string name) => name switch
    {
        "--set" or "--target" or "-t" => $"What '{name}' says was settled when this program was built; change the project file, or LakeflowTarget in a C# project, and build it again.",
        "--watch" or "-w" => $"'{name}' is for texts, and this program was built from them: 'lakeflow run --watch' and 'dotnet watch run' follow their changes.",
        "--directory" or "-C" => $"'{name}' is for a folder with texts; --root says where relative paths start.",
        "--debug" => "Set LAKEFLOW_DEBUG=1 for stack traces.",
        _ => null,
    };

    private ProgramArguments? WithFlag(string name) => (Command, name) switch
    {
        (Run, "--yes" or "-y") => this with { Options = Options with { LoseRows = true } },
        (Run, "--full-refresh-all") => this with { Options = Options with { FullRefreshAll = true } },
        (Run, "--continuous") => this with { Continuous = true },
        (Run, "--triggered") => this with { Continuous = false },
        (Explain, "--code") => this with { Code = true },
        _ => null,
    };

    private ProgramArguments? With(string name, string value) => Command switch
    {
        Run => WithPlace(name, value) ?? WithRun(name, value),
        Explain => name == "--plan" && Explanation.Plans.Contains(value) ? this with { Plan = value } : null,
        History when name is "--limit" or "-n" => Number(value) is { } limit and > 0 ? this with { Limit = limit } : null,
        _ => WithPlace(name, value),
    };

    private ProgramArguments? WithPlace(string name, string value) => name switch
    {
        "--root" => this with { Root = Path.GetFullPath(value) },
        "--mount" when value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && at < value.Length - 1 =>
            this with { Mounts = Mounts.Add(new Mount(value[..at], Path.GetFullPath(value[(at + 1)..]))) },
        _ => null,
    };

    private ProgramArguments? WithRun(string name, string value) => name switch
    {
        "--refresh" => this with { Options = Options with { Refresh = [.. Options.Refresh, .. Split(value)] } },
        "--full-refresh" => this with { Options = Options with { FullRefresh = [.. Options.FullRefresh, .. Split(value)] } },
        "--reset-flow" => this with { Options = Options with { ResetFlows = [.. Options.ResetFlows, .. Split(value)] } },
        "--accept" => this with { Options = Options with { Accept = [.. Options.Accept, .. Split(value)] } },
        "--adopt" => this with { Options = Options with { Adopt = [.. Options.Adopt, .. Split(value)] } },
        "--workers" or "--threads" when Number(value) is { } workers and > 0 => this with { Options = Options with { Workers = workers } },
        "--retries" when Number(value) is { } retries => this with { Options = Options with { MaxRetries = retries } },
        "--output" or "-o" when value is "text" or "json" => this with { Json = value == "json" },
        _ => null,
    };

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
