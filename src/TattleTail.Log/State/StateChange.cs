using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>The kinds of state change; the numbers are persisted. 16–31 are those of consumer groups.</summary>
internal enum StateChangeKind : byte
{
    NodeCreated = 1,
    ChannelCreated = 2,
    ChannelClosed = 3,
    ProducerIdsReserved = 4,
    Sealed = 5,
    LogStartMoved = 6,
    OffsetsSkipped = 7,
    GapsFound = 8,
    IncarnationSettled = 9,
    PartitionsAdded = 10,
    ChannelConfigured = 11,
    OffsetsCommitted = 16,
    OffsetsForgotten = 17,
    GroupStored = 18,
    GroupDeleted = 19,
}

/// <summary>One change of the node's state, a journal entry of its own. Layout: docs/formats/state.md.</summary>
internal abstract record StateChange;

/// <summary>The journal's first entry.</summary>
internal sealed record NodeCreated(Guid ClusterId) : StateChange;

/// <summary>An incarnation of a channel begins.</summary>
internal sealed record ChannelCreated(
    int Stream, string Name, int Incarnation, Guid TopicId, string Source, string Address, int Partitions, ChannelConfig Config) : StateChange;

/// <summary>An incarnation is no longer served.</summary>
internal sealed record ChannelClosed(int Stream) : StateChange;

/// <summary>Producer ids below <paramref name="End"/> may have been handed out.</summary>
internal sealed record ProducerIdsReserved(long End) : StateChange;

/// <summary>The archive holds more of these partitions.</summary>
internal sealed record Sealed(IReadOnlyList<SealedPart> Parts) : StateChange;

/// <summary>How far a partition is sealed.</summary>
/// <param name="Stream">The incarnation.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Through">The offset before which everything is in the archive.</param>
/// <param name="Events">Events that this step added to the archive.</param>
/// <param name="Bytes">Bytes of their batches in the journal.</param>
/// <param name="RestSince">No event at or after <paramref name="Through"/> was recorded before this (µs).</param>
internal readonly record struct SealedPart(int Stream, int Partition, long Through, long Events, long Bytes, long RestSince);

/// <summary>Offsets below <paramref name="Start"/> are no longer served.</summary>
internal sealed record LogStartMoved(int Stream, int Partition, long Start) : StateChange;

/// <summary>Offsets up to before <paramref name="Next"/> are given up: nothing will ever stand there.</summary>
internal sealed record OffsetsSkipped(int Stream, int Partition, long Next) : StateChange;

/// <summary>Offsets of a partition that were lost to damage of the journal.</summary>
internal sealed record GapsFound(int Stream, int Partition, IReadOnlyList<OffsetGap> Gaps) : StateChange;

/// <summary>An incarnation that began while the archive could not be asked has another number, because the archive holds an earlier life of the name.</summary>
internal sealed record IncarnationSettled(int Stream, int Incarnation) : StateChange;

/// <summary>An incarnation has more partitions: <paramref name="Partitions"/> in all.</summary>
internal sealed record PartitionsAdded(int Stream, int Partitions) : StateChange;

/// <summary>An incarnation's settings are others.</summary>
internal sealed record ChannelConfigured(int Stream, ChannelConfig Config) : StateChange;

/// <summary>A group committed how far it has consumed.</summary>
internal sealed record OffsetsCommitted(string Group, long CommittedAt, IReadOnlyList<CommittedPart> Commits) : StateChange;

/// <summary>A group's commit of one partition.</summary>
internal readonly record struct CommittedPart(StreamPartition Partition, GroupCommit Commit);

/// <summary>A group's commits of these partitions count no longer.</summary>
internal sealed record OffsetsForgotten(string Group, IReadOnlyList<StreamPartition> Partitions) : StateChange;

/// <summary>A group's members and generation, in the coordinator's own encoding.</summary>
internal sealed record GroupStored(string Group, ReadOnlyMemory<byte> Membership) : StateChange;

/// <summary>A group and its commits are gone.</summary>
internal sealed record GroupDeleted(string Group) : StateChange;
