namespace TattleTail.Events;

/// <summary>Which partition an event with a key goes to where TattleTail chooses: Kafka's murmur2 (<c>Utils.murmur2</c>, <c>toPositive</c>).</summary>
public static class Partitioner
{
    /// <summary>The partition of a key.</summary>
    public static int ForKey(ReadOnlySpan<byte> key, int partitions) => throw new NotImplementedException();
}
