using System.Buffers.Binary;
using System.Text;

namespace TattleTail.Spew.Groups;

/// <summary>
/// What the members of a group of consumers subscribe to. Kafka's <c>ConsumerProtocolSubscription</c>: version int16, topics as an array of strings, and more that does not matter here.
/// </summary>
internal static class Subscriptions
{
    /// <summary>The type of the protocol that consumers speak.</summary>
    public const string ProtocolType = "consumer";

    /// <summary>The channels that members consume; none for a group of another kind, or whose members say what cannot be read.</summary>
    public static IReadOnlySet<string> Of(Group group)
    {
        var channels = new HashSet<string>(StringComparer.Ordinal);
        if (group.ProtocolType == ProtocolType)
        {
            foreach (GroupMember member in group.Members.All)
            {
                Read(member.Metadata(group.Protocol).Span, channels);
            }
        }

        return channels;
    }

    private static void Read(ReadOnlySpan<byte> metadata, HashSet<string> channels)
    {
        if (metadata.Length < 6)
        {
            return;
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(metadata[2..]);
        ReadOnlySpan<byte> rest = metadata[6..];
        for (; count > 0 && rest.Length >= 2; count--)
        {
            int length = BinaryPrimitives.ReadInt16BigEndian(rest);
            if (length < 0 || length > rest.Length - 2)
            {
                return;
            }

            channels.Add(Encoding.UTF8.GetString(rest.Slice(2, length)));
            rest = rest[(2 + length)..];
        }
    }
}
