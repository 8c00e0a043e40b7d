using TattleTail.Events.CloudEvents;

namespace TattleTail.Events.Identity;

/// <summary>Which convention a body follows, as its content type says.</summary>
internal enum BodyKind
{
    /// <summary>None that tells anything: the body is not looked at.</summary>
    Other,

    /// <summary>A structured CloudEvent.</summary>
    CloudEvent,

    /// <summary>A message in MassTransit's JSON envelope.</summary>
    MassTransit,
}

/// <summary>Tells the kind from a content type.</summary>
internal static class BodyKinds
{
    public static BodyKind Of(ReadOnlySpan<byte> contentType) =>
        MediaType.Is(contentType, "application/cloudevents+json"u8) ? BodyKind.CloudEvent
        : MediaType.Is(contentType, "application/vnd.masstransit+json"u8) ? BodyKind.MassTransit
        : BodyKind.Other;
}
