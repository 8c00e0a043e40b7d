using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>Groups and changes of them to and from bytes. Layout: docs/formats/state.md, "Groups".</summary>
internal static class GroupCodec
{
    private const int LeastCommitBytes = 30;
    private const int LeastGroupBytes = 10;
    private const int PartitionBytes = 8;

    public static void Write(StateWriter writer, OffsetsCommitted change)
    {
        writer.String(change.Group);
        writer.Int64(change.CommittedAt);
        writer.Int32(change.Commits.Count);
        foreach (var (partition, commit) in change.Commits)
        {
            Write(writer, partition);
            writer.Int64(commit.Offset);
            writer.Int32(commit.LeaderEpoch);
            writer.String(commit.Metadata);
        }
    }

    public static OffsetsCommitted ReadCommitted(ref StateReader reader)
    {
        var group = reader.String();
        var at = reader.Int64();
        var commits = new CommittedPart[reader.Count(LeastCommitBytes - sizeof(long))];
        for (var i = 0; i < commits.Length; i++)
        {
            commits[i] = new CommittedPart(ReadPartition(ref reader), new GroupCommit(reader.Int64(), reader.Int32(), at, reader.String()));
        }

        return new OffsetsCommitted(group, at, commits);
    }

    public static void Write(StateWriter writer, OffsetsForgotten change)
    {
        writer.String(change.Group);
        writer.Int32(change.Partitions.Count);
        foreach (var partition in change.Partitions)
        {
            Write(writer, partition);
        }
    }

    public static OffsetsForgotten ReadForgotten(ref StateReader reader)
    {
        var group = reader.String();
        var partitions = new StreamPartition[reader.Count(PartitionBytes)];
        for (var i = 0; i < partitions.Length; i++)
        {
            partitions[i] = ReadPartition(ref reader);
        }

        return new OffsetsForgotten(group, partitions);
    }

    public static void Write(StateWriter writer, GroupStored change)
    {
        writer.String(change.Group);
        writer.Bytes(change.Membership.Span);
    }

    public static GroupStored ReadStored(ref StateReader reader) => new(reader.String(), reader.Bytes());

    /// <summary>The section of a snapshot.</summary>
    public static void Write(StateWriter writer, GroupTable groups)
    {
        writer.Int32(groups.All.Count);
        foreach (var group in groups.All)
        {
            writer.String(group.Name);
            writer.Bytes(group.Membership.Span);
            writer.Int32(group.Commits.Count);
            foreach (var (partition, commit) in group.Commits.OrderBy(c => c.Key.Stream).ThenBy(c => c.Key.Partition))
            {
                Write(writer, partition);
                writer.Int64(commit.Offset);
                writer.Int32(commit.LeaderEpoch);
                writer.Int64(commit.CommittedAt);
                writer.String(commit.Metadata);
            }
        }
    }

    public static void Read(ref StateReader reader, GroupTable groups)
    {
        for (var left = reader.Count(LeastGroupBytes); left > 0; left--)
        {
            var name = reader.String();
            if (groups.Find(name) is not null)
            {
                throw StateReader.Malformed($"group {name} twice");
            }

            groups.Apply(new GroupStored(name, reader.Bytes()));
            var commits = new CommittedPart[reader.Count(LeastCommitBytes)];
            for (var i = 0; i < commits.Length; i++)
            {
                commits[i] = new CommittedPart(ReadPartition(ref reader), new GroupCommit(reader.Int64(), reader.Int32(), reader.Int64(), reader.String()));
            }

            groups.Apply(new OffsetsCommitted(name, 0, commits));
        }
    }

    private static void Write(StateWriter writer, StreamPartition partition)
    {
        writer.Int32(partition.Stream);
        writer.Int32(partition.Partition);
    }

    private static StreamPartition ReadPartition(ref StateReader reader) => new(reader.Int32(), reader.Int32());
}
