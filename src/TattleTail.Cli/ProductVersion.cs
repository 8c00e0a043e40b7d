using System.Reflection;

namespace TattleTail.Cli;

/// <summary>The version that this program was built as.</summary>
internal static class ProductVersion
{
    /// <summary>The version, with the commit it was built from when that is known: <c>0.1.0+4f2c…</c>.</summary>
    public static string Full { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The version alone: <c>0.1.0</c>.</summary>
    public static string Short { get; } = Full.Split('+')[0];
}
