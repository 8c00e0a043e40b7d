namespace TattleTail.Spew.Protocol.Messages;

internal struct OffsetForLeaderEpochResponse : IWire
{
    public int ThrottleTimeMs;
    public OffsetForLeaderEpochTopicResponse[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct OffsetForLeaderEpochTopicResponse : IWire
{
    public string Topic;
    public EpochEndOffset[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Topic);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct EpochEndOffset : IWire
{
    public short ErrorCode;
    public int Partition;

    /// <summary>The largest epoch not above the one asked for; -1: there is none.</summary>
    public int LeaderEpoch;

    /// <summary>The first offset after that epoch; -1: there is none.</summary>
    public long EndOffset;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.Int32(ref Partition);
        io.Int32(ref LeaderEpoch);
        io.Int64(ref EndOffset);
        io.Tags();
    }
}
