using TattleTail.Log.Appending;
using TattleTail.Log.State;
using TattleTail.Log.Waiting;

namespace TattleTail.Log;

/// <summary>A partition of an incarnation.</summary>
public sealed class LogPartition
{
    private readonly LogCore _log;
    private readonly AdvanceSignal _signal = new();
    private readonly Queue<QueuedBatch> _queued = [];
    private long _highWatermark;

    internal LogPartition(LogCore log, Channel channel, PartitionState state)
    {
        _log = log;
        Channel = channel;
        Index = state.Index;
        State = state;
        _highWatermark = state.NextOffset;
    }

    /// <summary>Whose partition.</summary>
    public Channel Channel { get; }

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>The first offset served.</summary>
    public long StartOffset
    {
        get
        {
            lock (_log.Gate)
            {
                return State.LogStart;
            }
        }
    }

    /// <summary>The first offset of a scope.</summary>
    public long FirstOffset(LogScope scope) => scope == LogScope.All ? 0 : StartOffset;

    /// <summary>The offset after the last synced event.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>The offset before which everything is in the archive.</summary>
    public long SealedThrough
    {
        get
        {
            lock (_log.Gate)
            {
                return State.SealedThrough;
            }
        }
    }

    /// <summary>The first offset still in the journal (the high watermark when none is).</summary>
    public long JournalStart
    {
        get
        {
            var high = HighWatermark;
            return Math.Min(_log.Journal.FirstOffset(State.Key) ?? high, high);
        }
    }

    /// <summary>From where on a journal serves it: from its first offset there, or from where the archive ends when all is read through the archive; at most <paramref name="high"/>.</summary>
    internal long ServedFrom(Journal.WriteAheadJournal journal, long high)
    {
        var first = journal.FirstOffset(State.Key) ?? high;
        return Math.Min(_log.Options.ReadThroughArchive ? Math.Max(first, SealedThrough) : first, high);
    }

    /// <summary>How many of the offsets from one to before another hold nothing, as the ledger tells: lost by damage, or given up before they were acknowledged.</summary>
    public long LostBetween(long from, long to)
    {
        lock (_log.Gate)
        {
            return State.Gaps.Sum(gap => Math.Max(0, Math.Min(to, gap.To) - Math.Max(from, gap.From)));
        }
    }

    /// <summary>The epoch of the last append's node start, or of this node's start when there was none.</summary>
    public int LeaderEpoch
    {
        get
        {
            lock (_log.Gate)
            {
                return State.Epochs.Count > 0 ? State.Epochs[^1].Epoch : _log.Journal.Epoch;
            }
        }
    }

    /// <summary>
    /// Where what was appended under an epoch ends, and the largest epoch up to it that appended (Kafka's OffsetForLeaderEpoch, KIP-320): for a reader to find out whether what it has read
    /// is still there. Null for an epoch that has not been.
    /// </summary>
    public (int Epoch, long EndOffset)? EndOfEpoch(int epoch)
    {
        lock (_log.Gate)
        {
            if (epoch == LeaderEpoch)
            {
                return (epoch, HighWatermark);
            }

            var next = State.Epochs.FindIndex(e => e.Epoch > epoch);
            return epoch < 0 || next < 0 ? null : (next == 0 ? epoch : State.Epochs[next - 1].Epoch, Math.Min(State.Epochs[next].StartOffset, HighWatermark));
        }
    }

    /// <summary>The epoch under which an offset was appended; -1 when that is not known any more.</summary>
    internal int EpochAt(long offset)
    {
        lock (_log.Gate)
        {
            return State.EpochAt(offset);
        }
    }

    /// <summary>What is known of it; changed under the log's lock, replaced when the journal reopens.</summary>
    internal PartitionState State { get; private set; }

    /// <summary>Registrations now, to see that none leaks.</summary>
    internal int Waiters => _signal.Count;

    /// <summary>The batch that further events may join; under the log's lock.</summary>
    internal CoalescedBatch? Open { get; set; }

    /// <summary>
    /// Completes when the high watermark exceeds <paramref name="offset"/>, the channel closes, or the token is cancelled (without an exception). Costs no polling.
    /// </summary>
    public async ValueTask WaitAsync(long offset, CancellationToken cancel)
    {
        using var waiter = _signal.Register();
        if (HighWatermark > offset || Channel.IsClosed || cancel.IsCancellationRequested)
        {
            return;
        }

        using var cancellation = cancel.UnsafeRegister(static waiter => ((AdvanceSignal.Waiter)waiter!).Wake(), waiter);
        while (HighWatermark <= offset && !Channel.IsClosed && !cancel.IsCancellationRequested)
        {
            await waiter.Signalled;
            waiter.Rearm();
        }
    }

    /// <summary>
    /// Calls <paramref name="wake"/> each time the high watermark rises (and when the channel closes), until disposed; for a fetch that waits on many partitions.
    /// It runs on the thread that completed the sync and must only signal.
    /// </summary>
    public IDisposable OnAdvance(Action wake) => _signal.Register(wake);

    /// <summary>Notes a batch that the journal has queued, under the log's lock.</summary>
    internal void Enqueue(QueuedBatch batch) => _queued.Enqueue(batch);

    /// <summary>The queued batch that begins at an offset, or null when it is durable already; under the log's lock.</summary>
    internal QueuedBatch? FindQueued(long baseOffset)
    {
        foreach (var batch in _queued)
        {
            if (batch.BaseOffset == baseOffset)
            {
                return batch;
            }
        }

        return null;
    }

    /// <summary>
    /// Raises the high watermark over the batches that became durable, in their order, under the log's lock. True when it rose: then call <see cref="Wake"/> outside the lock.
    /// </summary>
    internal bool Advance()
    {
        var end = -1L;
        while (_queued.TryPeek(out var batch) && batch.Durable.IsCompletedSuccessfully)
        {
            end = batch.EndOffset;
            _log.CountAppended(batch.Events, batch.Bytes);
            _queued.Dequeue();
            if (ReferenceEquals(Open, batch))
            {
                Open = null;
            }
        }

        if (end < 0)
        {
            return false;
        }

        Volatile.Write(ref _highWatermark, end);
        return true;
    }

    /// <summary>Wakes whoever waits; outside the log's lock.</summary>
    internal void Wake() => _signal.Wake();

    /// <summary>Raises the high watermark over offsets that were given up; under the log's lock, when that is durable.</summary>
    internal void SkipTo(long offset) => Volatile.Write(ref _highWatermark, Math.Max(_highWatermark, offset));

    /// <summary>Goes on with a state all of which is durable.</summary>
    internal void Rebind(PartitionState state)
    {
        State = state;
        Open = null;
        _queued.Clear();
        Volatile.Write(ref _highWatermark, state.NextOffset);
    }
}
