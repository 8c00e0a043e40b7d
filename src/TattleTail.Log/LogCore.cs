using TattleTail.Journal;
using TattleTail.Log.State;

namespace TattleTail.Log;

/// <summary>
/// What the parts of the log share: the lock that decides order, the journal of the moment and the state after all that is queued in it. Under <see cref="Gate"/> a change is checked,
/// queued in the journal and applied to the state, so that all three have one order.
/// </summary>
/// <remarks>
/// A journal that fails does so as a whole: the state then holds changes that never became durable and is replaced, together with the journal, by <see cref="Resume"/>.
/// </remarks>
internal sealed class LogCore
{
    /// <summary>The owner of the channels that the log itself keeps.</summary>
    public const string OwnSource = "tattletail";

    /// <summary>The owner of the embedded broker's channels.</summary>
    public const string SpewSource = "spew";

    private volatile WriteAheadJournal _journal;
    private long _sinceSnapshot;
    private long _eventsAppended;
    private long _bytesAppended;

    public LogCore(LogOptions options, LogPorts ports, WriteAheadJournal journal, NodeState state)
    {
        Options = options;
        Ports = ports;
        _journal = journal;
        State = state;
        Channels.Rebind(this, state);
        OpenedAt = ports.Clock.GetUtcNow();
    }

    public Lock Gate { get; } = new();

    public LogOptions Options { get; }

    /// <summary>The world; its randomness is a <see cref="SharedRandom"/>.</summary>
    public LogPorts Ports { get; }

    public DateTimeOffset OpenedAt { get; }

    /// <summary>The journal of the moment. After a fault it still reads what was durable, until the next one replaces it.</summary>
    public WriteAheadJournal Journal => _journal;

    public NodeState State { get; private set; }

    public ChannelDirectory Channels { get; } = new();

    /// <summary>Why nothing is accepted now, or null; under the lock.</summary>
    public Outage? Outage { get; private set; }

    /// <summary>The log is being closed; under the lock.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Rises with each state entry: a batch that was begun before takes no more events, so that an entry's place in the journal is its place in the order of decisions.</summary>
    public long JoinGeneration { get; private set; }

    public long EventsAppended => Interlocked.Read(ref _eventsAppended);

    public long BytesAppended => Interlocked.Read(ref _bytesAppended);

    /// <summary>Now, in µs since 1970.</summary>
    public long NowMicros => MicrosOf(Ports.Clock.GetUtcNow());

    public static long MicrosOf(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset TimeOf(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    /// <summary>Throws when nothing can be accepted now; under the lock.</summary>
    public void RequireAvailable()
    {
        if (IsClosing)
        {
            throw new LogUnavailableException("the log is being closed");
        }

        RequireJournal();
    }

    /// <summary>Throws when the journal takes nothing now; the log's own changes are taken until it is closed. Under the lock.</summary>
    public void RequireJournal()
    {
        if (Outage is { } outage)
        {
            throw new LogUnavailableException(outage.Reason, outage.Fault);
        }

        if (_journal.Fault is { } fault)
        {
            throw new LogUnavailableException($"the journal failed: {fault.Message}", fault);
        }
    }

    /// <summary>The time of recording for the next entry (µs): the clock's, but never before an earlier entry's. Under the lock.</summary>
    public long NextRecordedAt() => Math.Max(NowMicros, State.LastRecordedAt);

    /// <summary>Queues a state change and applies it; under the lock. The task is the journal's promise that it is durable.</summary>
    public Task<long> Queue(StateChange change)
    {
        JoinGeneration++;
        var bytes = StateChangeCodec.Encode(change);
        var durable = _journal.AppendStateAsync(bytes);
        State.Apply(change);
        CountSinceSnapshot(bytes.Length);
        return durable;
    }

    /// <summary>Queues a change that the log itself makes and completes when it is durable.</summary>
    public async ValueTask AppendAsync(StateChange change)
    {
        Task<long> durable;
        lock (Gate)
        {
            RequireJournal();
            durable = Queue(change);
        }

        await DurableAsync(durable);
    }

    /// <summary>Queues a snapshot of the state after all that is queued; under the lock.</summary>
    public Task<long> QueueSnapshot(out ReadOnlyMemory<byte> snapshot)
    {
        JoinGeneration++;
        _sinceSnapshot = 0;
        snapshot = Snapshots.Encode(State);
        return _journal.AppendSnapshotAsync(snapshot);
    }

    /// <summary>Notes bytes queued, and queues a snapshot when enough have been since the last; under the lock.</summary>
    public void CountSinceSnapshot(long bytes)
    {
        _sinceSnapshot += bytes;
        if (_sinceSnapshot >= Options.SnapshotBytes)
        {
            // Nobody waits for this one: when it fails, so does the journal, and the next start replays more.
            _ = QueueSnapshot(out _);
        }
    }

    /// <summary>Waits for the journal's promise; its failure is the log's.</summary>
    public static async ValueTask DurableAsync(Task<long> durable)
    {
        try
        {
            await durable;
        }
        catch (JournalFaultedException e)
        {
            throw new LogUnavailableException($"the journal failed before the change was durable; whether it was recorded is unknown: {e.Message}", e);
        }
    }

    public void CountAppended(long events, long bytes)
    {
        Interlocked.Add(ref _eventsAppended, events);
        Interlocked.Add(ref _bytesAppended, bytes);
    }

    /// <summary>Stops accepting; under the lock.</summary>
    public void Suspend(Outage outage) => Outage = outage;

    /// <summary>Goes on with a reopened journal and the state read back from it, under the lock. Wake the partitions afterwards.</summary>
    public void Resume(WriteAheadJournal journal, NodeState state)
    {
        _journal = journal;
        State = state;
        _sinceSnapshot = 0;
        JoinGeneration++;
        Channels.Rebind(this, state);
        Outage = null;
    }

    /// <summary>Stops accepting for good; under the lock.</summary>
    public void BeginClosing() => IsClosing = true;
}

/// <summary>A time in which nothing is accepted.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Reason">What happened.</param>
/// <param name="WhatToDo">What helps.</param>
/// <param name="Fault">The failure.</param>
internal sealed record Outage(DateTimeOffset Since, string Reason, string? WhatToDo, Exception Fault);
