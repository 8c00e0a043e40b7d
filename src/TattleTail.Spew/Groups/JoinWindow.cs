namespace TattleTail.Spew.Groups;

/// <summary>
/// The time in which members join the next generation. That for a first generation goes on while somebody still comes, so that a start of many members is one rebalance. Guarded by the
/// group's lock.
/// </summary>
/// <param name="initialDelay">How long a first generation waits for one more member.</param>
internal sealed class JoinWindow(TimeSpan initialDelay)
{
    private long _atLatest = long.MaxValue;
    private bool _someoneCame;

    /// <summary>When it ends; <see cref="long.MaxValue"/>: it is not open.</summary>
    public long Until { get; private set; } = long.MaxValue;

    /// <summary>It is, or was, for members of a group that had none.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>Opens it.</summary>
    /// <param name="isFirst">The group had no members.</param>
    /// <param name="longest">The time that a member may take to join.</param>
    /// <param name="now">The time.</param>
    public void Open(bool isFirst, TimeSpan longest, long now)
    {
        IsFirst = isFirst;
        _atLatest = now.Plus(longest);
        Until = isFirst ? Next(now) : _atLatest;
        _someoneCame = false;
    }

    /// <summary>A member came that was none before.</summary>
    public void NoteNewMember() => _someoneCame = true;

    /// <summary>Lets it go on when it is for a first generation and somebody came. False when it is over.</summary>
    public bool TryProlong(long now)
    {
        if (!IsFirst || !_someoneCame || _atLatest <= now)
        {
            return false;
        }

        _someoneCame = false;
        Until = Next(now);
        return true;
    }

    /// <summary>Waits on for members that nobody can do without.</summary>
    public void WaitOn(TimeSpan time, long now) => Until = now.Plus(time);

    /// <summary>The generation begins.</summary>
    public void Close() => Until = long.MaxValue;

    private long Next(long now) => Math.Min(_atLatest, now.Plus(initialDelay));
}
