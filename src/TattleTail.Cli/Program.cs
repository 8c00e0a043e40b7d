using TattleTail.Cli;
using TattleTail.Cli.Terminal;

using var interruption = Interruption.OfProcess();
using var console = CommandConsole.OfProcess();
return await CommandLine.RunAsync(args, console, interruption.Token);
