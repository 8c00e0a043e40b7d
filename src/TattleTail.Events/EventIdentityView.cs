using TattleTail.Events.Identity;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events;

/// <summary>
/// Id, type, correlation and cause of an event as UTF-8 where they stand in the record: <see cref="EventIdentity"/> without strings, for the paths that see every event.
/// Empty where none is told. Valid as long as the record and the scratch.
/// </summary>
public readonly ref struct EventIdentityView
{
    /// <summary>Size of the scratch that <see cref="Of"/> needs; values with JSON escapes are put there.</summary>
    public const int ScratchBytes = 4 * MaxValueBytes;

    /// <summary>Longest value, in bytes; a longer one counts as not told.</summary>
    public const int MaxValueBytes = IdentityCollector.MaxValueBytes;

    private EventIdentityView(IdentityCollector found)
    {
        EventId = found.EventId;
        EventType = found.EventType;
        CorrelationId = found.CorrelationId;
        CausationId = found.CausationId;
    }

    /// <summary>The event's id.</summary>
    public ReadOnlySpan<byte> EventId { get; }

    /// <summary>The event's type.</summary>
    public ReadOnlySpan<byte> EventType { get; }

    /// <summary>The id that all events of one flow share.</summary>
    public ReadOnlySpan<byte> CorrelationId { get; }

    /// <summary>The id of the event that caused this one.</summary>
    public ReadOnlySpan<byte> CausationId { get; }

    /// <summary>
    /// Reads it in one pass over the headers; the body is parsed only when the content type says structured CloudEvents or a MassTransit envelope. Allocates nothing unless the body is
    /// broken JSON. Throws <see cref="InvalidDataException"/> on malformed headers.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>; may be used again after the view.</param>
    public static EventIdentityView Of(in RecordView record, Span<byte> scratch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch.Length, ScratchBytes);
        var found = new IdentityCollector();
        var body = BodyKind.Other;
        var headers = new RecordHeaderReader(record);
        while (headers.MoveNext())
        {
            if (HeaderConventions.TryFind(headers.Key, out var place))
            {
                found.Offer(place, headers.Value);
            }
            else if (body == BodyKind.Other && HeaderConventions.IsContentType(headers.Key))
            {
                body = BodyKinds.Of(headers.Value);
            }
        }

        if (body != BodyKind.Other && !found.IsComplete)
        {
            BodyConventions.Read(ref found, body, record.Body, scratch);
        }

        return new EventIdentityView(found);
    }

    /// <summary>The same for an event object.</summary>
    internal static EventIdentityView OfEvent(Event @event, Span<byte> scratch)
    {
        var found = new IdentityCollector();
        var body = BodyKind.Other;
        foreach (var header in @event.Headers)
        {
            var key = System.Text.Encoding.UTF8.GetBytes(header.Key);
            if (HeaderConventions.TryFind(key, out var place))
            {
                found.Offer(place, header.Value.GetValueOrDefault().Span);
            }
            else if (body == BodyKind.Other && HeaderConventions.IsContentType(key))
            {
                body = BodyKinds.Of(header.Value.GetValueOrDefault().Span);
            }
        }

        if (body != BodyKind.Other && !found.IsComplete)
        {
            BodyConventions.Read(ref found, body, @event.Body.GetValueOrDefault().Span, scratch);
        }

        return new EventIdentityView(found);
    }
}
