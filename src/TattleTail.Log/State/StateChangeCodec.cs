using System.Buffers;
using TattleTail.Events;
using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>State changes to and from bytes: kind u8, version u8, fields. Layout: docs/formats/state.md.</summary>
internal static class StateChangeCodec
{
    /// <summary>The version that every kind has so far.</summary>
    public const byte Version = 1;

    private const int SealedPartBytes = 40;
    private const int GapBytes = 16;

    public static ReadOnlyMemory<byte> Encode(StateChange change)
    {
        var output = new ArrayBufferWriter<byte>(64);
        var writer = new StateWriter(output);
        writer.Byte((byte)KindOf(change));
        writer.Byte(Version);
        switch (change)
        {
            case NodeCreated c:
                writer.Guid(c.ClusterId);
                break;
            case ChannelCreated c:
                Write(writer, c);
                break;
            case ChannelClosed c:
                writer.Int32(c.Stream);
                break;
            case ProducerIdsReserved c:
                writer.Int64(c.End);
                break;
            case Sealed c:
                Write(writer, c);
                break;
            case LogStartMoved c:
                writer.Int32(c.Stream);
                writer.Int32(c.Partition);
                writer.Int64(c.Start);
                break;
            case OffsetsSkipped c:
                writer.Int32(c.Stream);
                writer.Int32(c.Partition);
                writer.Int64(c.Next);
                break;
            case GapsFound c:
                writer.Int32(c.Stream);
                writer.Int32(c.Partition);
                WriteGaps(writer, c.Gaps);
                break;
            case IncarnationSettled c:
                writer.Int32(c.Stream);
                writer.Int32(c.Incarnation);
                break;
            case PartitionsAdded c:
                writer.Int32(c.Stream);
                writer.Int32(c.Partitions);
                break;
            case ChannelConfigured c:
                writer.Int32(c.Stream);
                Write(writer, c.Config);
                break;
            case OffsetsCommitted c:
                GroupCodec.Write(writer, c);
                break;
            case OffsetsForgotten c:
                GroupCodec.Write(writer, c);
                break;
            case GroupStored c:
                GroupCodec.Write(writer, c);
                break;
            case GroupDeleted c:
                writer.String(c.Group);
                break;
        }

        return output.WrittenMemory;
    }

    public static StateChange Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var kind = (StateChangeKind)reader.Byte();
        var version = reader.Byte();
        if (version != Version || !Enum.IsDefined(kind))
        {
            throw new JournalFormatException(
                $"the journal holds a state change of kind {(byte)kind}, version {version}, that this version does not know: open it with the version that wrote it, or a newer one");
        }

        StateChange change = kind switch
        {
            StateChangeKind.NodeCreated => new NodeCreated(reader.Guid()),
            StateChangeKind.ChannelCreated => ReadChannel(ref reader),
            StateChangeKind.ChannelClosed => new ChannelClosed(reader.Int32()),
            StateChangeKind.ProducerIdsReserved => new ProducerIdsReserved(reader.Int64()),
            StateChangeKind.Sealed => ReadSealed(ref reader),
            StateChangeKind.LogStartMoved => new LogStartMoved(reader.Int32(), reader.Int32(), reader.Int64()),
            StateChangeKind.OffsetsSkipped => new OffsetsSkipped(reader.Int32(), reader.Int32(), reader.Int64()),
            StateChangeKind.GapsFound => new GapsFound(reader.Int32(), reader.Int32(), ReadGaps(ref reader)),
            StateChangeKind.IncarnationSettled => new IncarnationSettled(reader.Int32(), reader.Int32()),
            StateChangeKind.PartitionsAdded => new PartitionsAdded(reader.Int32(), PartitionCount(ref reader)),
            StateChangeKind.ChannelConfigured => new ChannelConfigured(reader.Int32(), ReadConfig(ref reader)),
            StateChangeKind.OffsetsCommitted => GroupCodec.ReadCommitted(ref reader),
            StateChangeKind.OffsetsForgotten => GroupCodec.ReadForgotten(ref reader),
            StateChangeKind.GroupStored => GroupCodec.ReadStored(ref reader),
            _ => new GroupDeleted(reader.String()),
        };
        reader.End();
        return change;
    }

    /// <summary>A channel's identity and settings, the same in a change and in a snapshot.</summary>
    internal static void Write(StateWriter writer, ChannelCreated channel)
    {
        writer.Int32(channel.Stream);
        writer.String(channel.Name);
        writer.Int32(channel.Incarnation);
        writer.Guid(channel.TopicId);
        writer.String(channel.Source);
        writer.String(channel.Address);
        writer.Int32(channel.Partitions);
        Write(writer, channel.Config);
    }

    internal static ChannelCreated ReadChannel(ref StateReader reader) => new(
        reader.Int32(), reader.String(), reader.Int32(), reader.Guid(), reader.String(), reader.String(), PartitionCount(ref reader), ReadConfig(ref reader));

    private static int PartitionCount(ref StateReader reader) =>
        reader.Int32() is >= 1 and <= StateLimits.MaxPartitions and var count ? count : throw StateReader.Malformed("a channel with no partitions, or too many");

    private static void Write(StateWriter writer, ChannelConfig config)
    {
        writer.Byte((byte)config.TimestampType);
        writer.Int32(config.MaxMessageBytes);
        writer.String(config.CleanupPolicy);
        writer.Int64(config.RetentionMs);
    }

    private static ChannelConfig ReadConfig(ref StateReader reader) => new()
    {
        TimestampType = reader.Bool() ? TimestampType.LogAppendTime : TimestampType.CreateTime,
        MaxMessageBytes = reader.Int32(),
        CleanupPolicy = reader.String(),
        RetentionMs = reader.Int64(),
    };

    internal static void WriteGaps(StateWriter writer, IReadOnlyList<OffsetGap> gaps)
    {
        writer.Int32(gaps.Count);
        foreach (var gap in gaps)
        {
            writer.Int64(gap.From);
            writer.Int64(gap.To);
        }
    }

    internal static OffsetGap[] ReadGaps(ref StateReader reader)
    {
        var gaps = new OffsetGap[reader.Count(GapBytes)];
        for (var i = 0; i < gaps.Length; i++)
        {
            gaps[i] = new OffsetGap(reader.Int64(), reader.Int64());
        }

        return gaps;
    }

    private static void Write(StateWriter writer, Sealed change)
    {
        writer.Int32(change.Parts.Count);
        foreach (var part in change.Parts)
        {
            writer.Int32(part.Stream);
            writer.Int32(part.Partition);
            writer.Int64(part.Through);
            writer.Int64(part.Events);
            writer.Int64(part.Bytes);
            writer.Int64(part.RestSince);
        }
    }

    private static Sealed ReadSealed(ref StateReader reader)
    {
        var parts = new SealedPart[reader.Count(SealedPartBytes)];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new SealedPart(reader.Int32(), reader.Int32(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64());
        }

        return new Sealed(parts);
    }

    private static StateChangeKind KindOf(StateChange change) => change switch
    {
        NodeCreated => StateChangeKind.NodeCreated,
        ChannelCreated => StateChangeKind.ChannelCreated,
        ChannelClosed => StateChangeKind.ChannelClosed,
        ProducerIdsReserved => StateChangeKind.ProducerIdsReserved,
        Sealed => StateChangeKind.Sealed,
        LogStartMoved => StateChangeKind.LogStartMoved,
        OffsetsSkipped => StateChangeKind.OffsetsSkipped,
        GapsFound => StateChangeKind.GapsFound,
        IncarnationSettled => StateChangeKind.IncarnationSettled,
        PartitionsAdded => StateChangeKind.PartitionsAdded,
        ChannelConfigured => StateChangeKind.ChannelConfigured,
        OffsetsCommitted => StateChangeKind.OffsetsCommitted,
        OffsetsForgotten => StateChangeKind.OffsetsForgotten,
        GroupStored => StateChangeKind.GroupStored,
        GroupDeleted => StateChangeKind.GroupDeleted,
        _ => throw new InvalidOperationException($"unknown state change {change.GetType().Name}"),
    };
}
