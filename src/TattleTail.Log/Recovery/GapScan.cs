using TattleTail.Events.RecordBatches;
using TattleTail.Journal;
using TattleTail.Log.State;

namespace TattleTail.Log.Recovery;

/// <summary>Offsets of a partition that damage of the journal took, and why.</summary>
/// <param name="Partition">Whose.</param>
/// <param name="Gap">Which.</param>
/// <param name="IsUpperBound">Perhaps fewer, perhaps none: the end of what was lost is not known, so that the offsets are given up to be never used twice.</param>
/// <param name="Reason">What is wrong.</param>
internal sealed record FoundGap(PartitionState Partition, OffsetGap Gap, bool IsUpperBound, string Reason);

/// <summary>
/// Finds which offsets a damaged journal lost. This node assigns offsets without holes, so a hole between two batches is a loss. A loss at the end of a partition shows in no later
/// batch: then as many offsets are given up as the damaged bytes could have held, because a reused offset would be two events under one name.
/// </summary>
internal sealed class GapScan(NodeState state)
{
    /// <summary>Least bytes of a record: its length, attributes, two deltas, key length, body length and header count.</summary>
    private const int LeastRecordBytes = 7;

    /// <summary>What one batch may decompress to; see <see cref="BatchLimits.MaxDecompressedBytes"/>.</summary>
    private const long MostRecordsOfBatch = 64L * 1024 * 1024 / LeastRecordBytes;

    private readonly Dictionary<PartitionState, Progress> _seen = [];
    private readonly List<(PartitionState Partition, OffsetGap Gap)> _holes = [];

    /// <summary>Notes each batch of the journal in its order.</summary>
    public void Note(long position, StreamPartition key, in RecordBatchHeader header)
    {
        if (state.Find(key) is not { } partition)
        {
            return;
        }

        var due = _seen.TryGetValue(partition, out var before) ? before.Next : partition.SealedThrough;
        if (header.BaseOffset > due)
        {
            AddUnknown(partition, due, header.BaseOffset);
        }

        _seen[partition] = new Progress(Math.Max(due, header.LastOffset + 1), position);
    }

    /// <summary>The gaps that were not recorded before. Offsets that must be given up are skipped in the state.</summary>
    public IReadOnlyList<FoundGap> Finish(IReadOnlyList<JournalCorruption> corruptions, long snapshot)
    {
        var reason = string.Join("; ", corruptions.Select(c => $"segment {c.Segment}, positions {c.From} to {c.To}: {c.Reason}"));
        var found = new List<FoundGap>();
        foreach (var partition in state.Channels.SelectMany(c => c.Partitions))
        {
            var next = _seen.TryGetValue(partition, out var seen) ? seen.Next : partition.SealedThrough;
            if (next < partition.NextOffset)
            {
                AddUnknown(partition, next, partition.NextOffset);
            }
        }

        foreach (var (partition, gap) in _holes)
        {
            found.Add(new FoundGap(partition, gap, false, reason));
            state.Apply(new GapsFound(partition.Channel.Stream, partition.Index, [gap]));
        }

        foreach (var partition in state.Channels.SelectMany(c => c.Partitions))
        {
            // Up to the snapshot the state knows what was assigned; after it, a later batch tells.
            var known = Math.Max(snapshot, _seen.TryGetValue(partition, out var seen) ? seen.Position : 0);
            var lost = corruptions.Where(c => c.To > known).Sum(c => c.To - Math.Max(c.From, known));
            if (lost > 0)
            {
                var gap = new OffsetGap(partition.NextOffset, partition.NextOffset + (((lost / RecordBatchHeader.Size) + 1) * MostRecordsOfBatch));
                state.Apply(new OffsetsSkipped(partition.Channel.Stream, partition.Index, gap.To));
                found.Add(new FoundGap(partition, gap, true, reason));
            }
        }

        return found;
    }

    private void AddUnknown(PartitionState partition, long from, long to)
    {
        // What was recorded as a gap before, or lies in the archive already, is no new loss.
        foreach (var known in partition.Gaps)
        {
            if (known.From <= from && from < known.To)
            {
                from = known.To;
            }
        }

        if (from < to)
        {
            _holes.Add((partition, new OffsetGap(from, to)));
        }
    }

    private readonly record struct Progress(long Next, long Position);
}
