using System.Text.Unicode;

namespace TattleTail.Events.Identity;

/// <summary>Keeps, per field, the value from the place of the lowest rank; of equal ranks the first. Values that are empty, not UTF-8 or too long count as not told.</summary>
internal ref struct IdentityCollector
{
    /// <summary>Longest value that is promoted, in bytes of UTF-8.</summary>
    public const int MaxValueBytes = 1024;

    private byte _idRank;
    private byte _typeRank;
    private byte _correlationRank;
    private byte _causationRank;

    public IdentityCollector()
    {
        _idRank = _typeRank = _correlationRank = _causationRank = IdentityRank.Nothing;
    }

    public ReadOnlySpan<byte> EventId { get; private set; }

    public ReadOnlySpan<byte> EventType { get; private set; }

    public ReadOnlySpan<byte> CorrelationId { get; private set; }

    public ReadOnlySpan<byte> CausationId { get; private set; }

    /// <summary>True when a body of CloudEvents could tell nothing that counts more.</summary>
    public readonly bool IsComplete =>
        Math.Max(Math.Max(_idRank, _typeRank), Math.Max(_correlationRank, _causationRank)) <= IdentityRank.CloudEventsBody;

    /// <summary>Tells whether a value from that place would be kept.</summary>
    public readonly bool Wants(in IdentityPlace place) => place.Rank < Rank(place.Field);

    /// <summary>Takes a value if it is usable and nothing better is known.</summary>
    public void Offer(scoped in IdentityPlace place, ReadOnlySpan<byte> value)
    {
        if (!Wants(place))
        {
            return;
        }

        value = Cut(place.Form, value);
        if (value.IsEmpty || value.Length > MaxValueBytes || !Utf8.IsValid(value))
        {
            return;
        }

        switch (place.Field)
        {
            case IdentityField.EventId:
                EventId = value;
                _idRank = place.Rank;
                break;
            case IdentityField.EventType:
                EventType = value;
                _typeRank = place.Rank;
                break;
            case IdentityField.CorrelationId:
                CorrelationId = value;
                _correlationRank = place.Rank;
                break;
            default:
                CausationId = value;
                _causationRank = place.Rank;
                break;
        }
    }

    private static ReadOnlySpan<byte> Cut(IdentityForm form, ReadOnlySpan<byte> value)
    {
        switch (form)
        {
            case IdentityForm.TraceId:
                return Traceparent.TraceId(value);
            case IdentityForm.FirstName:
                var end = value.IndexOfAny((byte)',', (byte)';');
                return (end < 0 ? value : value[..end]).Trim((byte)' ');
            default:
                return value;
        }
    }

    private readonly byte Rank(IdentityField field) => field switch
    {
        IdentityField.EventId => _idRank,
        IdentityField.EventType => _typeRank,
        IdentityField.CorrelationId => _correlationRank,
        _ => _causationRank,
    };
}
