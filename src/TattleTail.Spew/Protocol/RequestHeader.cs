using System.Buffers.Binary;

namespace TattleTail.Spew.Protocol;

/// <summary>
/// The head of a request: api key int16, version int16, correlation id int32, client id (nullable string with int16 length in every version), and in flexible versions
/// tagged fields.
/// </summary>
internal readonly record struct RequestHeader(short ApiKey, short Version, int CorrelationId, string? ClientId)
{
    /// <summary>Bytes at the front that are the same in all versions.</summary>
    public const int FixedBytes = 8;

    /// <summary>The least a request has: the fixed bytes and the length of the client id.</summary>
    public const int LeastBytes = FixedBytes + 2;

    /// <summary>Key, version and correlation id, which can be believed before the rest is understood.</summary>
    public static RequestHeader ReadFixed(ReadOnlySpan<byte> frame) => new(
        BinaryPrimitives.ReadInt16BigEndian(frame),
        BinaryPrimitives.ReadInt16BigEndian(frame[2..]),
        BinaryPrimitives.ReadInt32BigEndian(frame[4..]),
        null);

    /// <summary>Reads the whole header. Throws <see cref="MalformedFrameException"/>.</summary>
    /// <param name="frame">The frame without its length.</param>
    /// <param name="flexible">The header has tagged fields, as the api's version says.</param>
    /// <param name="size">Where the body starts.</param>
    public static RequestHeader Read(Memory<byte> frame, bool flexible, out int size)
    {
        RequestHeader header = ReadFixed(frame.Span);
        var reader = new WireReader(frame[FixedBytes..], header.Version, flexible);
        string? clientId = null;
        reader.PlainNullableString(ref clientId);
        reader.Tags();
        size = FixedBytes + reader.Position;
        return header with { ClientId = clientId };
    }
}
