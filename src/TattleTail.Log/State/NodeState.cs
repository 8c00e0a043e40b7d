using TattleTail.Events.RecordBatches;
using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>
/// What the node must know and the archive does not hold. It is a function of the journal's entries alone: the log applies each entry as it queues it, a start
/// applies the same entries again and ends in the same state, to the byte of its snapshot. Not for concurrent use: the log's lock guards it.
/// </summary>
internal sealed class NodeState
{
    private readonly List<ChannelState> _channels = [];
    private readonly Dictionary<string, ChannelState> _newest = new(StringComparer.Ordinal);

    /// <summary>Empty until the journal's first entry.</summary>
    public Guid ClusterId { get; set; }

    /// <summary>Producer ids below this may have been handed out.</summary>
    public long ProducerIdEnd { get; set; }

    /// <summary>The latest time of recording (µs).</summary>
    public long LastRecordedAt { get; set; }

    public ProducerTable Producers { get; } = new();

    public GroupTable Groups { get; } = new();

    /// <summary>All incarnations by stream number, which starts at 1 and has no holes.</summary>
    public IReadOnlyList<ChannelState> Channels => _channels;

    public int NextStream => _channels.Count + 1;

    public int OpenChannels { get; private set; }

    public long TotalPartitions { get; private set; }

    /// <summary>The newest incarnation of a name, closed or not.</summary>
    public ChannelState? Newest(string name) => _newest.GetValueOrDefault(name);

    public PartitionState? Find(StreamPartition key) =>
        key.Stream >= 1 && key.Stream <= _channels.Count && _channels[key.Stream - 1] is var channel && (uint)key.Partition < (uint)channel.Partitions.Count
            ? channel.Partitions[key.Partition]
            : null;

    public void Apply(StateChange change)
    {
        switch (change)
        {
            case NodeCreated created:
                ClusterId = created.ClusterId;
                break;
            case ChannelCreated created:
                Add(new ChannelState(created));
                break;
            case ChannelClosed closed:
                Close(_channels[closed.Stream - 1]);
                break;
            case ProducerIdsReserved reserved:
                ProducerIdEnd = Math.Max(ProducerIdEnd, reserved.End);
                break;
            case Sealed @sealed:
                foreach (var part in @sealed.Parts)
                {
                    Apply(part);
                }

                break;
            case LogStartMoved moved:
                var partition = Required(moved.Stream, moved.Partition);
                partition.LogStart = Math.Max(partition.LogStart, moved.Start);
                break;
            case OffsetsSkipped skipped:
                Skip(Required(skipped.Stream, skipped.Partition), skipped.Next);
                break;
            case GapsFound found:
                AddGaps(Required(found.Stream, found.Partition), found.Gaps);
                break;
            case IncarnationSettled settled:
                _channels[settled.Stream - 1].Incarnation = settled.Incarnation;
                break;
            case PartitionsAdded added:
                AddPartitions(_channels[added.Stream - 1], added.Partitions);
                break;
            case ChannelConfigured configured:
                _channels[configured.Stream - 1].Config = configured.Config;
                break;
            case OffsetsCommitted committed:
                Groups.Apply(committed);
                break;
            case OffsetsForgotten forgotten:
                Groups.Apply(forgotten);
                break;
            case GroupStored stored:
                Groups.Apply(stored);
                break;
            case GroupDeleted deleted:
                Groups.Apply(deleted);
                break;
            default:
                throw new InvalidOperationException($"unknown state change {change.GetType().Name}");
        }
    }

    /// <summary>Applies a batch whose offsets are assigned.</summary>
    public void Apply(PartitionState partition, in RecordBatchHeader header, long recordedAt)
    {
        Begin(partition, header.BaseOffset, header.LeaderEpoch, header.BaseTimestamp, recordedAt);
        Extend(partition, header.LastOffset + 1, header.Count, header.TotalSize, header.MaxTimestamp);
        if (header.ProducerId >= 0)
        {
            Producers.Note(partition, header, recordedAt);
        }
    }

    /// <summary>The first half of a batch, for one whose events are not all known yet.</summary>
    public void Begin(PartitionState partition, long baseOffset, int leaderEpoch, long baseTimestamp, long recordedAt)
    {
        LastRecordedAt = Math.Max(LastRecordedAt, recordedAt);
        Producers.Expire(recordedAt);
        if (partition.Epochs.Count == 0 || partition.Epochs[^1].Epoch < leaderEpoch)
        {
            if (partition.Epochs.Count == PartitionState.MaxEpochs)
            {
                partition.Epochs.RemoveAt(0);
            }

            partition.Epochs.Add(new EpochStart(leaderEpoch, baseOffset));
        }

        if (partition.Events == 0)
        {
            partition.FirstRecordedAt = recordedAt;
            partition.FirstTimestamp = baseTimestamp;
        }

        if (partition.OldestUnsealed < 0)
        {
            partition.OldestUnsealed = recordedAt;
        }

        partition.LastRecordedAt = recordedAt;
    }

    /// <summary>The second half: events that joined it.</summary>
    public static void Extend(PartitionState partition, long nextOffset, long events, long bytes, long maxTimestamp)
    {
        partition.NextOffset = nextOffset;
        partition.Events += events;
        partition.Bytes += bytes;
        partition.LastTimestamp = maxTimestamp;
    }

    /// <summary>Adds partitions to an incarnation until there are so many.</summary>
    public void AddPartitions(ChannelState channel, int count)
    {
        TotalPartitions += Math.Max(0, count - channel.Partitions.Count);
        channel.AddPartitions(count);
    }

    internal void Add(ChannelState channel)
    {
        if (channel.Stream != NextStream)
        {
            throw new JournalFormatException($"the journal's state names stream {channel.Stream} where {NextStream} was due");
        }

        _channels.Add(channel);
        _newest[channel.Name] = channel;
        TotalPartitions += channel.Partitions.Count;
        OpenChannels += channel.IsClosed ? 0 : 1;
    }

    private static void AddGaps(PartitionState partition, IReadOnlyList<OffsetGap> gaps)
    {
        partition.Gaps.AddRange(gaps);
        if (partition.Gaps.Count > PartitionState.MaxGaps)
        {
            partition.Gaps.RemoveRange(0, partition.Gaps.Count - PartitionState.MaxGaps);
        }
    }

    private static void Skip(PartitionState partition, long next)
    {
        if (next > partition.NextOffset)
        {
            AddGaps(partition, [new OffsetGap(partition.NextOffset, next)]);
            partition.NextOffset = next;
        }
    }

    private void Apply(in SealedPart part)
    {
        var partition = Required(part.Stream, part.Partition);
        partition.SealedThrough = part.Through;
        var all = part.Through >= partition.NextOffset;
        partition.SealedEvents = all ? partition.Events : partition.SealedEvents + part.Events;
        partition.SealedBytes = all ? partition.Bytes : partition.SealedBytes + part.Bytes;
        partition.OldestUnsealed = all ? -1 : part.RestSince;
    }

    private void Close(ChannelState channel)
    {
        OpenChannels -= channel.IsClosed ? 0 : 1;
        channel.IsClosed = true;
        Groups.ForgetStream(channel.Stream);
    }

    private PartitionState Required(int stream, int partition) =>
        Find(new StreamPartition(stream, partition)) ?? throw new JournalFormatException($"the journal's state names partition {partition} of an unknown stream {stream}");
}
