namespace TattleTail.Spew.Connections;

/// <summary>Names what talks to the port and is no Kafka client, for the one log line that it gets.</summary>
internal static class ForeignBytes
{
    /// <param name="head">The first bytes of a request, at most a few.</param>
    public static string Describe(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 4 && IsHttp(head[..4]))
        {
            return "an HTTP request";
        }

        // TLS record: handshake (22), then the protocol's major version 3.
        return head is [0x16, 0x03, ..] ? "a TLS handshake" : $"bytes {Convert.ToHexStringLower(head)}";
    }

    private static bool IsHttp(ReadOnlySpan<byte> four) =>
        four.SequenceEqual("GET "u8) || four.SequenceEqual("POST"u8) || four.SequenceEqual("PUT "u8) || four.SequenceEqual("HEAD"u8) ||
        four.SequenceEqual("OPTI"u8) || four.SequenceEqual("DELE"u8) || four.SequenceEqual("PATC"u8) || four.SequenceEqual("CONN"u8) ||
        four.SequenceEqual("PRI "u8);
}
