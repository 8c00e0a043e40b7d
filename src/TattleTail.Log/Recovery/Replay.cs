using TattleTail.Events.RecordBatches;
using TattleTail.Journal;
using TattleTail.Log.State;

namespace TattleTail.Log.Recovery;

/// <summary>
/// Rebuilds the node's state from the journal: the newest snapshot and every entry after it. Where the journal was damaged, all that is left of it is walked, to find which offsets are
/// gone and what was recorded of channels whose creation is gone.
/// </summary>
internal sealed class Replay
{
    private readonly WriteAheadJournal _journal;
    private readonly LostChannels _lost;
    private NodeState _state = new();

    private Replay(WriteAheadJournal journal, SharedRandom random)
    {
        _journal = journal;
        _lost = new LostChannels(random, journal.Corruptions.Count > 0);
    }

    /// <summary>The state after the journal's entries, made whole again where they were damaged; what was repaired is not in the journal yet.</summary>
    public static async ValueTask<ReplayResult> RunAsync(WriteAheadJournal journal, SharedRandom random)
    {
        var replay = new Replay(journal, random);
        await replay.ApplyEntriesAsync();
        var gaps = journal.Corruptions.Count > 0 ? await replay.FindGapsAsync() : [];
        return new ReplayResult(replay._state, replay._lost.AnyMade, gaps);
    }

    private async ValueTask ApplyEntriesAsync()
    {
        var start = _journal.Segments.Count > 0 ? _journal.Segments[0].Start : 0;
        var snapshot = _journal.LastSnapshot;
        await foreach (var entry in _journal.ReadEntriesAsync(snapshot ?? start))
        {
            switch (entry.Kind)
            {
                case EntryKind.Snapshot when entry.Position == snapshot:
                    _state = Snapshots.Decode(entry.Payload.Span);
                    break;
                case EntryKind.State:
                    Apply(StateChangeCodec.Decode(entry.Payload.Span));
                    break;
                case EntryKind.Batch when RecordBatchHeader.TryRead(entry.Batch.Batch.Span, out var header):
                    Apply(entry, header);
                    break;
                default:
                    // Marks and later snapshots say nothing new; relocated batches were counted where they stood first.
                    break;
            }
        }
    }

    private void Apply(StateChange change)
    {
        _lost.MakeFor(_state, change);
        _state.Apply(change);
    }

    private void Apply(in JournalEntry entry, in RecordBatchHeader header)
    {
        _lost.MakeFor(_state, entry.Partition);
        var partition = _state.Find(entry.Partition)
            ?? throw new JournalFormatException($"the journal holds a batch of partition {entry.Partition.Partition} of stream {entry.Partition.Stream}, which has no such partition");
        if (header.BaseOffset < partition.NextOffset)
        {
            throw new JournalFormatException(
                $"the journal holds offset {header.BaseOffset} of {partition.Channel.Name}/{partition.Index} at position {entry.Position}, where {partition.NextOffset} was due");
        }

        _state.Apply(partition, header, entry.Batch.RecordedAtMicros);
    }

    private async ValueTask<IReadOnlyList<FoundGap>> FindGapsAsync()
    {
        var scan = new GapScan(_state);
        var start = _journal.Segments.Count > 0 ? _journal.Segments[0].Start : 0;
        await foreach (var entry in _journal.ReadEntriesAsync(start))
        {
            if (entry.Kind is EntryKind.Batch or EntryKind.Relocated && RecordBatchHeader.TryRead(entry.Batch.Batch.Span, out var header))
            {
                scan.Note(entry.Position, entry.Partition, header);
            }
        }

        return scan.Finish(_journal.Corruptions, _journal.LastSnapshot ?? 0);
    }
}

/// <summary>What a replay gave.</summary>
/// <param name="State">The state, repairs applied.</param>
/// <param name="IsRepaired">The state has channels whose creation is not in the journal; a snapshot records them.</param>
/// <param name="Gaps">Offsets that damage took.</param>
internal sealed record ReplayResult(NodeState State, bool IsRepaired, IReadOnlyList<FoundGap> Gaps);
