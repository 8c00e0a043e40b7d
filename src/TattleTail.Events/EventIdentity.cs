using System.Text;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events;

/// <summary>
/// Id, type, correlation and cause of an event as its headers (CloudEvents <c>ce_</c>, NServiceBus, MassTransit, W3C traceparent) or its body (structured CloudEvents, MassTransit's
/// envelope) tell; null where none is told, not UTF-8 or over 1 KiB. Which place wins stands in docs/formats/events.md.
/// </summary>
public readonly record struct EventIdentity(string? EventId, string? EventType, string? CorrelationId, string? CausationId)
{
    /// <summary>Reads it from a record. The body is parsed only when the content type says so; <see cref="EventIdentityView"/> does the same without strings.</summary>
    public static EventIdentity Of(in RecordView record) => Of(EventIdentityView.Of(record, stackalloc byte[EventIdentityView.ScratchBytes]));

    /// <summary>Reads it from an event.</summary>
    public static EventIdentity Of(Event @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return Of(EventIdentityView.OfEvent(@event, stackalloc byte[EventIdentityView.ScratchBytes]));
    }

    private static EventIdentity Of(EventIdentityView view) =>
        new(Text(view.EventId), Text(view.EventType), Text(view.CorrelationId), Text(view.CausationId));

    private static string? Text(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8);
}
