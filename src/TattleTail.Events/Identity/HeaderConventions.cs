using System.Text;

namespace TattleTail.Events.Identity;

/// <summary>
/// The headers in which events tell who they are. Sources: CloudEvents 1.0 Kafka and AMQP bindings with the correlation and distributed tracing extensions; NServiceBus,
/// "Message Headers"; MassTransit, <c>MessageHeaders</c>; W3C Trace Context. Names are compared without regard to ASCII case, as gateways change it.
/// </summary>
internal static class HeaderConventions
{
    private static readonly (byte[] Name, IdentityPlace Place)[][] ByLength = Bucket(
    [
        .. CloudEvents("ce_"),
        .. CloudEvents("cloudEvents:"),
        .. CloudEvents("cloudEvents_"),
        ("NServiceBus.MessageId", new(IdentityField.EventId, IdentityRank.NServiceBus)),
        ("NServiceBus.EnclosedMessageTypes", new(IdentityField.EventType, IdentityRank.NServiceBus, IdentityForm.FirstName)),

        // The conversation is what all messages of one flow share; the correlation id of a plain send is its own message id.
        ("NServiceBus.ConversationId", new(IdentityField.CorrelationId, IdentityRank.NServiceBusConversation)),
        ("NServiceBus.CorrelationId", new(IdentityField.CorrelationId, IdentityRank.NServiceBus)),
        ("NServiceBus.RelatedTo", new(IdentityField.CausationId, IdentityRank.NServiceBus)),
        ("MessageId", new(IdentityField.EventId, IdentityRank.MassTransit)),
        ("MT-MessageType", new(IdentityField.EventType, IdentityRank.MassTransit, IdentityForm.FirstName)),
        ("ConversationId", new(IdentityField.CorrelationId, IdentityRank.MassTransitConversation)),
        ("CorrelationId", new(IdentityField.CorrelationId, IdentityRank.MassTransit)),
        ("MT-InitiatorId", new(IdentityField.CausationId, IdentityRank.MassTransit)),
        ("message-id", new(IdentityField.EventId, IdentityRank.Generic)),
        ("correlation-id", new(IdentityField.CorrelationId, IdentityRank.Generic)),
        ("x-correlation-id", new(IdentityField.CorrelationId, IdentityRank.Generic)),
        ("causation-id", new(IdentityField.CausationId, IdentityRank.Generic)),
        ("x-causation-id", new(IdentityField.CausationId, IdentityRank.Generic)),
        ("traceparent", new(IdentityField.CorrelationId, IdentityRank.TraceparentHeader, IdentityForm.TraceId)),
        ("MT-Activity-Id", new(IdentityField.CorrelationId, IdentityRank.MassTransitActivity, IdentityForm.TraceId)),
    ]);

    /// <summary>True for the header that tells how the body is to be read.</summary>
    public static bool IsContentType(ReadOnlySpan<byte> key) => key.Length == 12 && Ascii.EqualsIgnoreCase(key, "content-type"u8);

    /// <summary>Finds out what a header of that name tells.</summary>
    public static bool TryFind(ReadOnlySpan<byte> key, out IdentityPlace place)
    {
        if (key.Length < ByLength.Length)
        {
            foreach (var (name, candidate) in ByLength[key.Length])
            {
                if (Ascii.EqualsIgnoreCase(key, name))
                {
                    place = candidate;
                    return true;
                }
            }
        }

        place = default;
        return false;
    }

    private static IEnumerable<(string Name, IdentityPlace Place)> CloudEvents(string prefix) =>
    [
        (prefix + "id", new(IdentityField.EventId, IdentityRank.CloudEventsHeader)),
        (prefix + "type", new(IdentityField.EventType, IdentityRank.CloudEventsHeader)),
        (prefix + "correlationid", new(IdentityField.CorrelationId, IdentityRank.CloudEventsHeader)),
        (prefix + "causationid", new(IdentityField.CausationId, IdentityRank.CloudEventsHeader)),
        (prefix + "traceparent", new(IdentityField.CorrelationId, IdentityRank.TraceparentExtension, IdentityForm.TraceId)),
    ];

    private static (byte[] Name, IdentityPlace Place)[][] Bucket(IReadOnlyList<(string Name, IdentityPlace Place)> conventions) =>
    [
        .. Enumerable.Range(0, conventions.Max(c => c.Name.Length) + 1)
            .Select(length => conventions.Where(c => c.Name.Length == length).Select(c => (Encoding.ASCII.GetBytes(c.Name), c.Place)).ToArray()),
    ];
}
