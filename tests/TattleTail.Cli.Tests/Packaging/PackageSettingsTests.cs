using System.Diagnostics;
using System.Text.Json;

namespace TattleTail.Cli.Tests.Packaging;

/// <summary>What the packages would be. The image itself is not built here: its base comes from a registry.</summary>
public class PackageSettingsTests
{
    [Fact]
    public async Task Project_AsEvaluated_IsAToolAndAnImageWithoutRoot()
    {
        var project = await EvaluateAsync();

        string Property(string name) => project.GetProperty("Properties").GetProperty(name).GetString()!;
        string[] Items(string name) => [.. project.GetProperty("Items").GetProperty(name).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
        Assert.Equal(("true", "tattletail"), (Property("PackAsTool"), Property("ToolCommandName")));
        Assert.Equal(("tattletail", "app"), (Property("ContainerRepository"), Property("ContainerUser")));
        Assert.Equal(["9092", "8080"], Items("ContainerPort"));
        Assert.Equal(["dotnet", "/app/tattletail.dll"], Items("ContainerEntrypoint"));
        Assert.Equal(["up"], Items("ContainerDefaultArgs"));
        var data = Assert.Single(project.GetProperty("Items").GetProperty("ContainerEnvironmentVariable").EnumerateArray());
        Assert.Equal(("TATTLETAIL_DATA", "/data"), (data.GetProperty("Identity").GetString(), data.GetProperty("Value").GetString()));
    }

    [Fact]
    public async Task SystemdUnit_Verified_HasNoFault()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "needs systemd-analyze: apt-get install systemd");
        using var folder = new TemporaryFolder();
        var program = folder.File("program", "#!/bin/sh\n");
        var unit = await File.ReadAllTextAsync(Repository.File("eng", "systemd", "tattletail.service"));
        folder.File("tattletail.service", unit.Replace("/opt/tattletail/tattletail ", $"{program} ", StringComparison.Ordinal));
        using var verify = CommandProcess.Bash(folder.Path, "chmod +x program; systemd-analyze verify --man=no ./tattletail.service");

        var run = await verify.EndAsync();

        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
    }

    private static async Task<JsonElement> EvaluateAsync()
    {
        string[] words =
        [
            "msbuild", Repository.File("src", "TattleTail.Cli", "TattleTail.Cli.csproj"),
            "-getProperty:PackAsTool,ToolCommandName,ContainerRepository,ContainerUser",
            "-getItem:ContainerPort,ContainerEntrypoint,ContainerDefaultArgs,ContainerEnvironmentVariable",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
