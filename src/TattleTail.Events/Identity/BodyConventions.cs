using System.Text.Json;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Events.Identity;

/// <summary>
/// What the JSON of a structured CloudEvent or of a MassTransit envelope (<c>JsonMessageEnvelope</c>) tells. Only strings at the top level count, of equal names the first;
/// where the JSON is broken, what came before the fault counts.
/// </summary>
internal static class BodyConventions
{
    // A character of a JSON string takes at most six bytes (\u0041).
    private const int MaxEscapedBytes = 6 * IdentityCollector.MaxValueBytes;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = CloudEventJson.MaxDepth };

    /// <summary>Reads what the body tells; <paramref name="scratch"/> (<see cref="EventIdentityView.ScratchBytes"/>) takes values that have escapes.</summary>
    public static void Read(ref IdentityCollector collector, BodyKind kind, ReadOnlySpan<byte> body, Span<byte> scratch)
    {
        var reader = new Utf8JsonReader(body, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return;
            }

            while (!collector.IsComplete && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKnown = TryFind(kind, reader, out var place);
                reader.Read();
                if (isKnown && place.Form == IdentityForm.FirstName && reader.TokenType == JsonTokenType.StartArray)
                {
                    OfferFirst(ref collector, place, ref reader, scratch);
                }
                else if (isKnown && reader.TokenType == JsonTokenType.String)
                {
                    Offer(ref collector, place, reader, scratch);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // The body is the sender's and stays as it is; it only tells nothing more.
            return;
        }
    }

    private static void OfferFirst(ref IdentityCollector collector, scoped in IdentityPlace place, ref Utf8JsonReader reader, Span<byte> scratch)
    {
        var depth = reader.CurrentDepth;
        var isFirst = true;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (isFirst && reader.TokenType == JsonTokenType.String)
            {
                Offer(ref collector, place, reader, scratch);
            }

            isFirst = false;
        }
    }

    private static void Offer(ref IdentityCollector collector, scoped in IdentityPlace place, in Utf8JsonReader reader, Span<byte> scratch)
    {
        if (!reader.ValueIsEscaped)
        {
            collector.Offer(place, reader.ValueSpan);
            return;
        }

        if (!collector.Wants(place) || reader.ValueSpan.Length > MaxEscapedBytes)
        {
            return;
        }

        Span<byte> unescaped = stackalloc byte[MaxEscapedBytes];
        int length;
        try
        {
            length = reader.CopyString(unescaped);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return;
        }

        if (length <= IdentityCollector.MaxValueBytes)
        {
            var kept = scratch.Slice((int)place.Field * IdentityCollector.MaxValueBytes, length);
            unescaped[..length].CopyTo(kept);
            collector.Offer(place, kept);
        }
    }

    private static bool TryFind(BodyKind kind, scoped in Utf8JsonReader reader, out IdentityPlace place)
    {
        place = default;
        if (reader.ValueIsEscaped)
        {
            return false;
        }

        return kind == BodyKind.CloudEvent ? TryFindCloudEvent(reader.ValueSpan, out place) : TryFindMassTransit(reader.ValueSpan, out place);
    }

    private static bool TryFindCloudEvent(ReadOnlySpan<byte> name, out IdentityPlace place)
    {
        place = name switch
        {
            _ when name.SequenceEqual("id"u8) => new(IdentityField.EventId, IdentityRank.CloudEventsBody),
            _ when name.SequenceEqual("type"u8) => new(IdentityField.EventType, IdentityRank.CloudEventsBody),
            _ when name.SequenceEqual("correlationid"u8) => new(IdentityField.CorrelationId, IdentityRank.CloudEventsBody),
            _ when name.SequenceEqual("causationid"u8) => new(IdentityField.CausationId, IdentityRank.CloudEventsBody),
            _ when name.SequenceEqual("traceparent"u8) => new(IdentityField.CorrelationId, IdentityRank.TraceparentExtension, IdentityForm.TraceId),
            _ => new(default, IdentityRank.Nothing),
        };
        return place.Rank != IdentityRank.Nothing;
    }

    private static bool TryFindMassTransit(ReadOnlySpan<byte> name, out IdentityPlace place)
    {
        place = name switch
        {
            _ when name.SequenceEqual("messageId"u8) => new(IdentityField.EventId, IdentityRank.MassTransit),
            _ when name.SequenceEqual("messageType"u8) => new(IdentityField.EventType, IdentityRank.MassTransit, IdentityForm.FirstName),
            _ when name.SequenceEqual("conversationId"u8) => new(IdentityField.CorrelationId, IdentityRank.MassTransitConversation),
            _ when name.SequenceEqual("correlationId"u8) => new(IdentityField.CorrelationId, IdentityRank.MassTransit),
            _ when name.SequenceEqual("initiatorId"u8) => new(IdentityField.CausationId, IdentityRank.MassTransit),
            _ => new(default, IdentityRank.Nothing),
        };
        return place.Rank != IdentityRank.Nothing;
    }
}
