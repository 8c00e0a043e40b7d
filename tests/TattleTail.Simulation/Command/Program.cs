namespace TattleTail.Simulation.Command;

/// <summary>The tests, or with seeds as arguments the simulator as a command.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (SimulationCommand.Wants(args))
        {
            return SimulationCommand.Run(args, Console.Out, Console.Error);
        }

        return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }
}
