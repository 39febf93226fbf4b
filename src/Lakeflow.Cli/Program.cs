using System.Runtime.InteropServices;
using System.Text;
using Lakeflow.Cli;

using var interrupts = new Interrupts();
// Whoever runs the tool as a service ends it with SIGTERM (on Windows: by closing its console).
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    interrupts.End();
});
Console.CancelKeyPress += (_, e) => e.Cancel = interrupts.Interrupt();

if (Console.IsOutputRedirected) Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return CommandLine.Run(args, Terminal.OfConsole(interrupts));
