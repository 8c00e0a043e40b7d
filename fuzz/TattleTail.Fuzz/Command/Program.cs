namespace TattleTail.Fuzz.Command;

/// <summary>The fuzzer; its tests under <c>dotnet test</c>, or with <c>--tests</c> before the arguments of the test runner.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args.Any(argument => argument is "--server" or "--internal-msbuild-node"))
        {
            return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }

        return args is ["--tests", .. string[] rest]
            ? await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(rest)
            : FuzzCommand.Run(args, Console.Out, Console.Error);
    }
}
