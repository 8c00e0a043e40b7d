using System.Text;
using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>How far a group has consumed a partition.</summary>
/// <param name="Offset">The next offset to consume.</param>
/// <param name="LeaderEpoch">The epoch of the last event consumed; -1: not told.</param>
/// <param name="CommittedAt">When it was committed (µs since 1970).</param>
/// <param name="Metadata">What the consumer keeps with it.</param>
internal readonly record struct GroupCommit(long Offset, int LeaderEpoch, long CommittedAt, string Metadata)
{
    /// <summary>Bytes in a snapshot, the partition included.</summary>
    public long Bytes => 30 + Encoding.UTF8.GetByteCount(Metadata);
}

/// <summary>What the node keeps of a consumer group across restarts.</summary>
internal sealed class GroupState(string name)
{
    private readonly Dictionary<StreamPartition, GroupCommit> _commits = [];

    public string Name => name;

    /// <summary>The group's members and generation in the coordinator's own encoding; empty when it has none.</summary>
    public ReadOnlyMemory<byte> Membership { get; private set; }

    public IReadOnlyDictionary<StreamPartition, GroupCommit> Commits => _commits;

    /// <summary>Bytes in a snapshot.</summary>
    public long Bytes { get; private set; } = 10 + Encoding.UTF8.GetByteCount(name);

    public void SetMembership(ReadOnlyMemory<byte> membership)
    {
        Bytes += membership.Length - Membership.Length;
        Membership = membership;
    }

    public void Set(StreamPartition partition, GroupCommit commit)
    {
        Forget(partition);
        _commits.Add(partition, commit);
        Bytes += commit.Bytes;
    }

    public void Forget(StreamPartition partition)
    {
        if (_commits.Remove(partition, out var commit))
        {
            Bytes -= commit.Bytes;
        }
    }
}
