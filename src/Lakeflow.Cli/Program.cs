using System.Runtime.InteropServices;
using System.Text;
using Lakeflow.Cli;

using var stop = new CancellationTokenSource();
// Whoever runs the tool as a service ends it with SIGTERM (on Windows: by closing its console).
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
Console.CancelKeyPress += (_, e) =>
{
    // The first Ctrl-C ends the update between two batches; the second ends the process.
    if (stop.IsCancellationRequested) return;
    e.Cancel = true;
    stop.Cancel();
};

if (Console.IsOutputRedirected) Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return CommandLine.Run(args, Terminal.OfConsole(stop.Token));
