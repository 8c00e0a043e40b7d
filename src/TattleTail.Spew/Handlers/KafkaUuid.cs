using System.Buffers.Text;

namespace TattleTail.Spew.Handlers;

/// <summary>UUIDs as Kafka's tools write them: 16 bytes, big-endian, as base64url without padding.</summary>
internal static class KafkaUuid
{
    public static string Format(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));
}
