namespace TattleTail.Events.Identity;

/// <summary>Whose word counts first. The order is part of the archive's format: docs/formats/events.md.</summary>
internal static class IdentityRank
{
    public const byte CloudEventsHeader = 0;
    public const byte CloudEventsBody = 1;
    public const byte NServiceBusConversation = 2;
    public const byte NServiceBus = 3;
    public const byte MassTransitConversation = 4;
    public const byte MassTransit = 5;
    public const byte Generic = 6;
    public const byte TraceparentHeader = 7;
    public const byte TraceparentExtension = 8;
    public const byte MassTransitActivity = 9;
    public const byte Nothing = byte.MaxValue;
}
