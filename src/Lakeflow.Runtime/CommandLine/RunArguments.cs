using System.Collections.Immutable;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>The words behind <c>run</c>: those of <c>lakeflow run</c> that make sense for a pipeline that is compiled already, and where its paths lead.</summary>
/// <param name="Lakehouse">The folder of the tables, absolute.</param>
/// <param name="Root">Where relative paths start, absolute.</param>
/// <param name="Mounts">Besides those of the project.</param>
/// <param name="Options">What to do.</param>
internal sealed record RunArguments(string Lakehouse, string Root, ImmutableArray<Mount> Mounts, UpdateOptions Options)
{
    public const string Usage = """
        run [--lakehouse DIR] [--root DIR] [--mount PREFIX=DIR]… [--refresh TABLES] [--full-refresh TABLES]
            [--full-refresh-all] [--reset-flow FLOWS] [--accept TABLES] [--yes] [--workers N] [--retries N]
            [--continuous | --triggered] [--output text|json]
        """;

    /// <summary>True: go on until stopped.</summary>
    public bool Continuous { get; private init; }

    /// <summary>True: one JSON object a line.</summary>
    public bool Json { get; private init; }

    /// <summary>Reads the words; null, with what is wrong, if they make no sense.</summary>
    public static RunArguments? Parse(ReadOnlySpan<string> words, PipelineSettings settings, out string problem)
    {
        var asked = new RunArguments("", Directory.GetCurrentDirectory(), [], settings.ApplyTo(new UpdateOptions { MaxRetries = settings.MaxRetries }));
        string? lakehouse = null;
        problem = "";
        for (var i = 0; i < words.Length; i++)
        {
            // --name=value and --name value are one thing.
            var split = words[i].StartsWith("--", StringComparison.Ordinal) ? words[i].IndexOf('=', StringComparison.Ordinal) : -1;
            var name = split < 0 ? words[i] : words[i][..split];
            if (asked.WithFlag(name) is { } flagged)
            {
                asked = flagged;
                continue;
            }

            var value = split >= 0 ? words[i][(split + 1)..] : i + 1 < words.Length ? words[++i] : null;
            if (name == "--lakehouse" && value is not null)
            {
                lakehouse = value;
            }
            else if (value is null || asked.With(name, value) is not { } changed)
            {
                problem = value is null ? $"'{name}' is no option, or its value is missing." : $"'{name} {value}' is not understood.";
                return null;
            }
            else
            {
                asked = changed;
            }
        }

        return asked with { Lakehouse = lakehouse is null ? Path.GetFullPath(settings.Lakehouse, asked.Root) : Path.GetFullPath(lakehouse) };
    }

    private RunArguments? WithFlag(string name) => name switch
    {
        "--yes" or "-y" => this with { Options = Options with { LoseRows = true } },
        "--full-refresh-all" => this with { Options = Options with { FullRefreshAll = true } },
        "--continuous" => this with { Continuous = true },
        "--triggered" => this with { Continuous = false },
        _ => null,
    };

    private RunArguments? With(string name, string value) => name switch
    {
        "--root" => this with { Root = Path.GetFullPath(value) },
        "--refresh" => this with { Options = Options with { Refresh = [.. Options.Refresh, .. Split(value)] } },
        "--full-refresh" => this with { Options = Options with { FullRefresh = [.. Options.FullRefresh, .. Split(value)] } },
        "--reset-flow" => this with { Options = Options with { ResetFlows = [.. Options.ResetFlows, .. Split(value)] } },
        "--accept" => this with { Options = Options with { Accept = [.. Options.Accept, .. Split(value)] } },
        "--workers" or "--threads" when int.TryParse(value, out var workers) && workers > 0 => this with { Options = Options with { Workers = workers } },
        "--retries" when int.TryParse(value, out var retries) && retries >= 0 => this with { Options = Options with { MaxRetries = retries } },
        "--output" or "-o" when value is "text" or "json" => this with { Json = value == "json" },
        "--mount" when value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at =>
            this with { Mounts = Mounts.Add(new Mount(value[..at], Path.GetFullPath(value[(at + 1)..]))) },
        _ => null,
    };

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
