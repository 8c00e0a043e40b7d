using System.Buffers.Binary;

namespace TattleTail.Events;

/// <summary>Which partition an event with a key goes to where TattleTail chooses: Kafka's murmur2 (<c>Utils.murmur2</c>, <c>toPositive</c>).</summary>
public static class Partitioner
{
    private const uint Multiplier = 0x5bd1e995;
    private const uint Seed = 0x9747b28c;

    /// <summary>The partition of a key.</summary>
    public static int ForKey(ReadOnlySpan<byte> key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return (int)(Murmur2(key) & 0x7fffffff) % partitions;
    }

    private static uint Murmur2(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (uint)bytes.Length;
        while (bytes.Length >= 4)
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Multiplier;
            k ^= k >> 24;
            hash = (hash * Multiplier) ^ (k * Multiplier);
            bytes = bytes[4..];
        }

        if (!bytes.IsEmpty)
        {
            for (var i = bytes.Length - 1; i >= 0; i--)
            {
                hash ^= (uint)bytes[i] << (8 * i);
            }

            hash *= Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }
}
