using TattleTail.Events.RecordBatches;

namespace TattleTail.Events;

/// <summary>
/// Id, type, correlation and cause of an event as its headers (CloudEvents <c>ce_</c>, W3C traceparent, MassTransit, NServiceBus) or its structured CloudEvents body tell;
/// null where none is told, not UTF-8 or over 1 KiB.
/// </summary>
public readonly record struct EventIdentity(string? EventId, string? EventType, string? CorrelationId, string? CausationId)
{
    /// <summary>Reads it from a record. The body is parsed only when the content type is structured CloudEvents.</summary>
    public static EventIdentity Of(in RecordView record) => throw new NotImplementedException();
}
