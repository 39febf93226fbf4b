using System.Text;
using Lakeflow.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // The first Ctrl-C ends the update between two batches; the second ends the process.
    if (stop.IsCancellationRequested) return;
    e.Cancel = true;
    stop.Cancel();
};

if (Console.IsOutputRedirected) Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return CommandLine.Run(args, Terminal.OfConsole(stop.Token));
