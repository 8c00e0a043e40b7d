using TattleTail.Log.State;

namespace TattleTail.Log.Groups;

/// <summary>
/// What outlives a restart of consumer groups: who is a member, in the coordinator's own encoding, and how far each group has consumed. Every change is durable when its task completes,
/// and nothing is told of that is not. All methods may be called concurrently; while the journal takes nothing they fail with <see cref="LogUnavailableException"/>.
/// </summary>
public sealed class GroupStore
{
    private readonly LogCore _log;

    // The last change of each group that is not known to be durable yet; under the log's lock.
    private readonly Dictionary<string, Task<long>> _pending = new(StringComparer.Ordinal);

    internal GroupStore(LogCore log) => _log = log;

    /// <summary>All groups with their members.</summary>
    public async ValueTask<IReadOnlyList<StoredGroup>> AllAsync()
    {
        Task<long>[] pending;
        lock (_log.Gate)
        {
            _log.RequireJournal();
            pending = [.. _pending.Values];
        }

        foreach (var change in pending)
        {
            await LogCore.DurableAsync(change);
        }

        lock (_log.Gate)
        {
            return [.. _log.State.Groups.All.Select(g => new StoredGroup(g.Name, g.Membership))];
        }
    }

    /// <summary>A group's commits, of channels that are served; empty for a group that is not known.</summary>
    public async ValueTask<IReadOnlyList<CommittedOffset>> CommitsAsync(string group)
    {
        Task<long>? pending;
        lock (_log.Gate)
        {
            _log.RequireJournal();
            pending = _pending.GetValueOrDefault(group);
        }

        if (pending is not null)
        {
            await LogCore.DurableAsync(pending);
        }

        lock (_log.Gate)
        {
            return _log.State.Groups.Find(group) is { } state ? Served(state) : [];
        }
    }

    /// <summary>Notes how far a group has consumed. <see cref="GroupsFullException"/> when the node can keep no more.</summary>
    public ValueTask CommitAsync(string group, IReadOnlyList<OffsetCommit> commits)
    {
        ArgumentNullException.ThrowIfNull(commits);
        var now = _log.NowMicros;
        var parts = new CommittedPart[commits.Count];
        var bytes = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            var commit = commits[i];
            parts[i] = new CommittedPart(commit.Partition.State.Key, new GroupCommit(commit.Offset, commit.LeaderEpoch, now, commit.Metadata));
            bytes += parts[i].Commit.Bytes;
        }

        return AppendAsync(group, new OffsetsCommitted(group, now, parts), bytes);
    }

    /// <summary>Drops commits.</summary>
    public ValueTask ForgetAsync(string group, IReadOnlyList<LogPartition> partitions) =>
        AppendAsync(group, new OffsetsForgotten(group, [.. partitions.Select(p => p.State.Key)]), 0);

    /// <summary>Keeps a group's membership. The bytes must not change afterwards. <see cref="GroupsFullException"/> when the node can keep no more.</summary>
    public ValueTask SaveAsync(string group, ReadOnlyMemory<byte> membership) => AppendAsync(group, new GroupStored(group, membership), membership.Length);

    /// <summary>Drops a group and its commits.</summary>
    public ValueTask DeleteAsync(string group) => AppendAsync(group, new GroupDeleted(group), 0);

    private List<CommittedOffset> Served(GroupState group)
    {
        var served = new List<CommittedOffset>(group.Commits.Count);
        foreach (var (key, commit) in group.Commits)
        {
            if (_log.State.Find(key) is { } state && _log.Channels.Find(state.Channel.TopicId) is { IsClosed: false } channel && key.Partition < channel.Partitions.Count)
            {
                served.Add(new CommittedOffset(channel.Partitions[key.Partition], commit.Offset, commit.LeaderEpoch, commit.Metadata, LogCore.TimeOf(commit.CommittedAt)));
            }
        }

        return served;
    }

    private async ValueTask AppendAsync(string group, StateChange change, long bytes)
    {
        Task<long> durable;
        lock (_log.Gate)
        {
            _log.RequireAvailable();
            if (bytes > 0 && _log.State.Groups.Bytes + bytes + group.Length > StateLimits.MaxGroupBytes)
            {
                throw new GroupsFullException($"the node keeps {_log.State.Groups.Bytes} bytes of consumer groups; {StateLimits.MaxGroupBytes} is the most: delete groups that are not used");
            }

            durable = _log.Queue(change);
            _pending[group] = durable;
        }

        try
        {
            await LogCore.DurableAsync(durable);
        }
        finally
        {
            lock (_log.Gate)
            {
                if (_pending.TryGetValue(group, out var last) && last == durable)
                {
                    _pending.Remove(group);
                }
            }
        }
    }
}

/// <summary>A consumer group as it was kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Membership">What <see cref="GroupStore.SaveAsync"/> was given last; empty when never.</param>
public sealed record StoredGroup(string Name, ReadOnlyMemory<byte> Membership);

/// <summary>A commit to make.</summary>
/// <param name="Partition">Of which partition.</param>
/// <param name="Offset">The next offset to consume.</param>
/// <param name="LeaderEpoch">The epoch of the last event consumed; -1: not told.</param>
/// <param name="Metadata">What the consumer keeps with it.</param>
public readonly record struct OffsetCommit(LogPartition Partition, long Offset, int LeaderEpoch, string Metadata);

/// <summary>A commit that was made.</summary>
/// <param name="Partition">Of which partition.</param>
/// <param name="Offset">The next offset to consume.</param>
/// <param name="LeaderEpoch">The epoch of the last event consumed; -1: not told.</param>
/// <param name="Metadata">What the consumer keeps with it.</param>
/// <param name="CommittedAt">When.</param>
public sealed record CommittedOffset(LogPartition Partition, long Offset, int LeaderEpoch, string Metadata, DateTimeOffset CommittedAt);

/// <summary>The node keeps as much of consumer groups as it may.</summary>
public sealed class GroupsFullException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GroupsFullException(string message)
        : base(message)
    {
    }
}
