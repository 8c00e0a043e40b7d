using System.Buffers;
using System.Buffers.Binary;
using TattleTail.Events;
using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>The node's whole state to and from bytes. Layout: docs/formats/state.md.</summary>
internal static class Snapshots
{
    public const uint Magic = 0x53_4E_54_54;
    public const short Version = 1;

    private const short GroupsSection = 1;
    private const int LeastChannelBytes = 154;
    private const int LeastPartitionBytes = 104;
    private const int EpochBytes = 12;
    private const int LeastProducerBytes = 27;
    private const int LeastSectionBytes = 6;

    public static ReadOnlyMemory<byte> Encode(NodeState state)
    {
        var output = new ArrayBufferWriter<byte>(4_096);
        var writer = new StateWriter(output);
        writer.UInt32(Magic);
        writer.Int16(Version);
        writer.Int16(0);
        writer.Guid(state.ClusterId);
        writer.Int64(state.ProducerIdEnd);
        writer.Int64(state.LastRecordedAt);
        writer.Int32(state.Channels.Count);
        foreach (var channel in state.Channels)
        {
            Write(writer, channel);
        }

        writer.Int32(state.Producers.Count);
        foreach (var producer in state.Producers.InOrderOfUse)
        {
            Write(writer, producer);
        }

        WriteSections(writer, state);
        writer.UInt32(Crc32C.Of(output.WrittenSpan));
        return output.WrittenMemory;
    }

    public static NodeState Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        if (reader.UInt32() != Magic)
        {
            throw StateReader.Malformed("a snapshot does not begin as one");
        }

        var version = reader.Int16();
        if (version != Version)
        {
            throw new JournalFormatException($"the journal holds a snapshot of version {version}; this version reads {Version}: open it with the version that wrote it, or a newer one");
        }

        if (Crc32C.Of(bytes[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]))
        {
            throw StateReader.Malformed("a snapshot's checksum does not match");
        }

        reader.Int16();
        var state = new NodeState { ClusterId = reader.Guid(), ProducerIdEnd = reader.Int64(), LastRecordedAt = reader.Int64() };
        for (var left = reader.Count(LeastChannelBytes); left > 0; left--)
        {
            state.Add(ReadChannel(ref reader));
        }

        for (var left = reader.Count(LeastProducerBytes); left > 0; left--)
        {
            ReadProducer(ref reader, state);
        }

        for (var left = reader.Count(LeastSectionBytes); left > 0; left--)
        {
            ReadSection(ref reader, state);
        }

        reader.UInt32();
        reader.End();
        return state;
    }

    private static void WriteSections(StateWriter writer, NodeState state)
    {
        if (state.Groups.All.Count == 0)
        {
            writer.Int32(0);
            return;
        }

        var section = new ArrayBufferWriter<byte>();
        GroupCodec.Write(new StateWriter(section), state.Groups);
        writer.Int32(1);
        writer.Int16(GroupsSection);
        writer.Bytes(section.WrittenSpan);
    }

    private static void ReadSection(ref StateReader reader, NodeState state)
    {
        var kind = reader.Int16();
        if (kind != GroupsSection)
        {
            throw new JournalFormatException($"the journal's snapshot has a section {kind} that this version does not know: open it with the version that wrote it, or a newer one");
        }

        var section = new StateReader(reader.Take(reader.Count(1)));
        GroupCodec.Read(ref section, state.Groups);
        section.End();
    }

    private static void Write(StateWriter writer, ChannelState channel)
    {
        StateChangeCodec.Write(
            writer,
            new ChannelCreated(channel.Stream, channel.Name, channel.Incarnation, channel.TopicId, channel.Source, channel.Address, channel.Partitions.Count, channel.Config));
        writer.Byte(channel.IsClosed ? (byte)1 : (byte)0);
        foreach (var partition in channel.Partitions)
        {
            Write(writer, partition);
        }
    }

    private static void Write(StateWriter writer, PartitionState partition)
    {
        writer.Int64(partition.NextOffset);
        writer.Int64(partition.SealedThrough);
        writer.Int64(partition.LogStart);
        writer.Int64(partition.Events);
        writer.Int64(partition.Bytes);
        writer.Int64(partition.SealedEvents);
        writer.Int64(partition.SealedBytes);
        writer.Int64(partition.OldestUnsealed);
        writer.Int64(partition.FirstRecordedAt);
        writer.Int64(partition.LastRecordedAt);
        writer.Int64(partition.FirstTimestamp);
        writer.Int64(partition.LastTimestamp);
        writer.Int32(partition.Epochs.Count);
        foreach (var epoch in partition.Epochs)
        {
            writer.Int32(epoch.Epoch);
            writer.Int64(epoch.StartOffset);
        }

        StateChangeCodec.WriteGaps(writer, partition.Gaps);
    }

    private static void Write(StateWriter writer, ProducerState producer)
    {
        writer.Int32(producer.Partition.Channel.Stream);
        writer.Int32(producer.Partition.Index);
        writer.Int64(producer.ProducerId);
        writer.Int16(producer.Epoch);
        writer.Int64(producer.LastRecordedAt);
        writer.Byte((byte)producer.Count);
        foreach (var mark in producer.Window)
        {
            writer.Int32(mark.FirstSequence);
            writer.Int32(mark.LastSequence);
            writer.Int64(mark.BaseOffset);
            writer.Int64(mark.LogAppendTime);
        }
    }

    private static ChannelState ReadChannel(ref StateReader reader)
    {
        var created = StateChangeCodec.ReadChannel(ref reader);
        var closed = reader.Bool();
        if ((long)created.Partitions * LeastPartitionBytes > reader.Remaining)
        {
            throw StateReader.Malformed($"{created.Partitions} partitions with {reader.Remaining} bytes left");
        }

        var channel = new ChannelState(created) { IsClosed = closed };
        foreach (var partition in channel.Partitions)
        {
            Read(ref reader, partition);
        }

        return channel;
    }

    private static void Read(ref StateReader reader, PartitionState partition)
    {
        partition.NextOffset = reader.Int64();
        partition.SealedThrough = reader.Int64();
        partition.LogStart = reader.Int64();
        partition.Events = reader.Int64();
        partition.Bytes = reader.Int64();
        partition.SealedEvents = reader.Int64();
        partition.SealedBytes = reader.Int64();
        partition.OldestUnsealed = reader.Int64();
        partition.FirstRecordedAt = reader.Int64();
        partition.LastRecordedAt = reader.Int64();
        partition.FirstTimestamp = reader.Int64();
        partition.LastTimestamp = reader.Int64();
        for (var left = reader.Count(EpochBytes); left > 0; left--)
        {
            partition.Epochs.Add(new EpochStart(reader.Int32(), reader.Int64()));
        }

        partition.Gaps.AddRange(StateChangeCodec.ReadGaps(ref reader));
    }

    private static void ReadProducer(ref StateReader reader, NodeState state)
    {
        var key = new StreamPartition(reader.Int32(), reader.Int32());
        var partition = state.Find(key) ?? throw StateReader.Malformed($"a producer of an unknown partition {key}");
        var id = reader.Int64();
        if (partition.Producers.ContainsKey(id))
        {
            throw StateReader.Malformed($"producer {id} twice in one partition");
        }

        var epoch = reader.Int16();
        var producer = state.Producers.Add(partition, id);
        producer.LastRecordedAt = reader.Int64();
        var count = reader.Byte();
        if (count is 0 or > ProducerState.WindowBatches)
        {
            throw StateReader.Malformed($"a producer's window of {count}");
        }

        for (; count > 0; count--)
        {
            producer.Remember(epoch, new ProducedBatchMark(reader.Int32(), reader.Int32(), reader.Int64(), reader.Int64()));
        }
    }
}
