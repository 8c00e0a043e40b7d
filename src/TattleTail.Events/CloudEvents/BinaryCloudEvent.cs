using System.Text;

namespace TattleTail.Events.CloudEvents;

/// <summary>Binary mode: attributes as headers, the body as it is (CNCF Kafka protocol binding 1.0.2, section 3.2).</summary>
internal static class BinaryCloudEvent
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The event of attributes; see <see cref="CloudEventCodec.FromBinary"/>.</summary>
    public static Event Read(
        IReadOnlyList<KeyValuePair<string, string>> attributes, string? contentType, ReadOnlyMemory<byte> body, long receivedAtMillis)
    {
        var values = new Dictionary<string, string>(attributes.Count, StringComparer.Ordinal);
        var headers = new List<EventHeader>(attributes.Count + 1);
        if (contentType is not null)
        {
            headers.Add(new EventHeader("content-type", Bytes("content-type", contentType)));
        }

        foreach (var (given, value) in attributes)
        {
            var name = given.ToLowerInvariant();
            if (!CloudEventAttributes.IsName(name) || name is "data")
            {
                throw new InvalidEventException($"'{given}' is no name of an attribute: names have letters a-z and digits only, and 'data' is reserved");
            }

            if (name is "datacontenttype")
            {
                throw new InvalidEventException("in binary mode the content type goes in Content-Type, not in ce-datacontenttype");
            }

            if (!values.TryAdd(name, value))
            {
                throw new InvalidEventException($"the attribute {name} is given twice");
            }

            headers.Add(new EventHeader("ce_" + name, Bytes(name, value)));
        }

        CloudEventAttributes.Require(
            values.GetValueOrDefault("specversion"), values.GetValueOrDefault("id"), values.GetValueOrDefault("source"), values.GetValueOrDefault("type"));
        var timestamp = values.TryGetValue("time", out var time) ? CloudEventAttributes.Time(time) : receivedAtMillis;
        ReadOnlyMemory<byte>? key = values.TryGetValue("partitionkey", out var partitionKey) ? Bytes("partitionkey", partitionKey) : default(ReadOnlyMemory<byte>?);

        // HTTP cannot tell no body from an empty one. Whoever names its type has one.
        ReadOnlyMemory<byte>? data = body.IsEmpty && contentType is null ? default(ReadOnlyMemory<byte>?) : body;
        return new Event(timestamp, key, headers, data);
    }

    private static byte[] Bytes(string name, string value)
    {
        try
        {
            return StrictUtf8.GetBytes(value);
        }
        catch (EncoderFallbackException e)
        {
            throw new InvalidEventException($"the value of {name} is no Unicode text", e);
        }
    }
}
