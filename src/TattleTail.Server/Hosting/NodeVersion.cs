using System.Reflection;

namespace TattleTail.Server.Hosting;

/// <summary>The version of this build.</summary>
public static class NodeVersion
{
    /// <summary>The version without the commit: <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        (typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];
}
