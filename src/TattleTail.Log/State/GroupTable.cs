using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>The consumer groups of a node. Part of <see cref="NodeState"/> and under its rules.</summary>
internal sealed class GroupTable
{
    private readonly SortedDictionary<string, GroupState> _groups = new(StringComparer.Ordinal);

    /// <summary>All groups, by name.</summary>
    public IReadOnlyCollection<GroupState> All => _groups.Values;

    /// <summary>Bytes of all groups in a snapshot.</summary>
    public long Bytes { get; private set; }

    public GroupState? Find(string name) => _groups.GetValueOrDefault(name);

    public void Apply(OffsetsCommitted change) => Change(change.Group, group =>
    {
        foreach (var commit in change.Commits)
        {
            group.Set(commit.Partition, commit.Commit);
        }
    });

    public void Apply(OffsetsForgotten change) => Change(change.Group, group => Forget(group, change.Partitions));

    public void Apply(GroupStored change) => Change(change.Group, group => group.SetMembership(change.Membership));

    public void Apply(GroupDeleted change)
    {
        if (_groups.Remove(change.Group, out var group))
        {
            Bytes -= group.Bytes;
        }
    }

    /// <summary>Drops the commits of a channel that is no longer served.</summary>
    public void ForgetStream(int stream)
    {
        foreach (var group in _groups.Values)
        {
            var before = group.Bytes;
            Forget(group, [.. group.Commits.Keys.Where(p => p.Stream == stream)]);
            Bytes += group.Bytes - before;
        }
    }

    private static void Forget(GroupState group, IReadOnlyList<StreamPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            group.Forget(partition);
        }
    }

    private void Change(string name, Action<GroupState> change)
    {
        var before = 0L;
        if (_groups.TryGetValue(name, out var group))
        {
            before = group.Bytes;
        }
        else
        {
            group = new GroupState(name);
            _groups.Add(name, group);
        }

        change(group);
        Bytes += group.Bytes - before;
    }
}
