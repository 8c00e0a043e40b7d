namespace TattleTail.Spew.Groups;

/// <summary>What the members of all groups take together, so that no client fills the node with what it says in a group. Safe for concurrent use.</summary>
internal sealed class MemberBytes(long limit)
{
    private long _taken;

    /// <summary>Whether so much more fits.</summary>
    public bool HasRoom(long bytes) => Interlocked.Read(ref _taken) + bytes <= limit;

    /// <summary>A group takes more than before, or less.</summary>
    public void Change(long difference) => Interlocked.Add(ref _taken, difference);
}
