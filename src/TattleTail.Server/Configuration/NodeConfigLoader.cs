namespace TattleTail.Server.Configuration;

/// <summary>Puts the configuration together: <c>tattletail.json</c>, over it <c>TATTLETAIL_*</c>, over that flags. Names every fault at once.</summary>
public static class NodeConfigLoader
{
    /// <summary>The file that is read when none is named and it exists.</summary>
    public const string DefaultFile = "tattletail.json";

    private const string Prefix = "TATTLETAIL_";

    /// <summary>Variables with the prefix that are no settings of a node.</summary>
    private static readonly HashSet<string> Others =
        new(["TATTLETAIL_DEBUG", "TATTLETAIL_CONFIG", "TATTLETAIL_SERVER", "TATTLETAIL_USER", "TATTLETAIL_PASSWORD", "TATTLETAIL_CA", "TATTLETAIL_ENGINES", "TATTLETAIL_HOME", "TATTLETAIL_BUILD"], StringComparer.Ordinal);

    /// <summary>Loads the configuration.</summary>
    /// <param name="file">The file; it must exist. Null: <see cref="DefaultFile"/> in the working directory when it is there.</param>
    /// <param name="environment">The process's variables; those without the prefix are ignored.</param>
    /// <param name="flags">Values given by flag, by the setting's key (<c>kafkaAdvertise</c>); null values were not given.</param>
    public static ConfigResult Load(string? file, IReadOnlyDictionary<string, string?> environment, IReadOnlyDictionary<string, string?> flags)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(flags);
        var assembly = new ConfigAssembly(NodeSettings.All);
        if (file is not null || File.Exists(DefaultFile))
        {
            file ??= DefaultFile;
            ConfigFile.Read(file, assembly);
        }

        foreach (var (variable, value) in environment.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (variable.StartsWith(Prefix, StringComparison.Ordinal) && !Others.Contains(variable) && value is not null)
            {
                assembly.SetVariable(variable, value);
            }
        }

        foreach (var (key, value) in flags.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (value is not null)
            {
                assembly.SetFlag(key, value);
            }
        }

        return assembly.Finish(file);
    }
}
