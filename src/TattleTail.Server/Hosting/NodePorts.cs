using TattleTail.Platform;

namespace TattleTail.Server.Hosting;

/// <summary>What a node reaches the world through; tests put others in their place.</summary>
public sealed record NodePorts
{
    /// <summary>The file system of data folder, journal and local archive. Default: the machine's.</summary>
    public IFileSystem Files { get; init; } = new OperatingSystemFiles();

    /// <summary>The clock. Default: the machine's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go. Default: the error stream.</summary>
    public TextWriter LogOutput { get; init; } = Console.Error;
}
