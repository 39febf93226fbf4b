using System.Runtime.InteropServices;
using System.Text;
using Lakeflow.Cli;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.CommandLine;

using var interrupts = new Interrupts();
// Whoever runs the tool as a service ends it with SIGTERM (on Windows: by closing its console).
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    interrupts.End();
});
// Ctrl-C, and Ctrl-\ (on Windows: Ctrl-Break). The console would do it as well, but reads the terminal's description first.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = interrupts.Interrupt());
using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => signal.Cancel = interrupts.Interrupt());

if (Console.IsOutputRedirected) Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
if (Terminal.OfConsole(interrupts) is not { } terminal)
{
    DiagnosticText.Write(StandardStreams.Error, [ToolErrors.NoFolder()], [], color: false);
    return ExitCode.Environment;
}

var exit = CommandLine.Run(args, terminal);
return terminal.Out is LastingWriter lines ? lines.End(exit, terminal.Error) : exit;
