using TattleTail.Access;

namespace TattleTail.Tests;

/// <summary>Makes users.</summary>
internal static class TestUser
{
    /// <summary>A user with a password and patterns of the channels that it may read and write.</summary>
    public static User Make(string name, string password, string[]? read = null, string[]? write = null) =>
        new(name, Patterns(read ?? ["*"]), Patterns(write ?? []), ScramVerifier.CreateAll(password));

    private static IReadOnlyList<ChannelPattern> Patterns(string[] texts) => [.. texts.Select(p => ChannelPattern.Parse(p, out _)!)];
}
