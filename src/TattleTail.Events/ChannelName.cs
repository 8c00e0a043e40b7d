namespace TattleTail.Events;

/// <summary>Kafka's rule for topic names, which every channel's name follows: 1–249 of <c>[a-zA-Z0-9._-]</c>, not <c>.</c> or <c>..</c>.</summary>
public static class ChannelName
{
    /// <summary>The longest name, in characters (each is one byte).</summary>
    public const int MaxLength = 249;

    /// <summary>Null when the name is legal, otherwise what is wrong with it, in words for the user.</summary>
    public static string? Fault(string? name) => throw new NotImplementedException();
}
