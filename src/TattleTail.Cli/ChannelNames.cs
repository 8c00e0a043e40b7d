using System.CommandLine.Parsing;
using TattleTail.Events;

namespace TattleTail.Cli;

/// <summary>Refuses, before anything is begun, a name that no channel can have.</summary>
internal static class ChannelNames
{
    /// <summary>Checks an argument.</summary>
    public static void Check(ArgumentResult result)
    {
        if (result.Tokens.Count == 1)
        {
            Check(result.Tokens[0].Value, result);
        }
    }

    /// <summary>Checks an option.</summary>
    public static void Check(OptionResult result)
    {
        if (result.Tokens.Count == 1)
        {
            Check(result.Tokens[0].Value, result);
        }
    }

    private static void Check(string name, SymbolResult result)
    {
        if (ChannelName.Fault(name) is { } fault)
        {
            result.AddError($"channel '{name}': {fault}");
        }
    }
}
