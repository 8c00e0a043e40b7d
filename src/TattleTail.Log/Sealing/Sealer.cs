using TattleTail.Archive;
using TattleTail.Log.Reading;
using TattleTail.Log.State;
using TattleTail.Log.Trimming;
using TattleTail.Log.Waiting;
using TattleTail.Storage;

namespace TattleTail.Log.Sealing;

/// <summary>
/// Moves events from the journal to the archive: one loop, on a scheduler of its own so that it never holds up an append. Each turn opens the archive when it is not, seals what is due in
/// one commit (or several, when memory asks for it), moves served starts and trims the journal. A failed turn is tried again after a pause that doubles from 100 ms to 10 s.
/// </summary>
internal sealed class Sealer(LogCore log, ArchiveAccess access, ArchiveOpening opening, UnsealedRead unsealed, CancellationToken closing)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Time between looks at what is due.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>Times that a commit may find the archive moved before that counts as a failure.</summary>
    private const int MostMoves = 5;

    private readonly Retention _retention = new(log);
    private readonly Trimmer _trimmer = new(log);
    private readonly StateHints _hints = new(log);
    private readonly Incarnations _incarnations = new(log);
    private DateTimeOffset _lastCommit = DateTimeOffset.MinValue;
    private double _ratio = SealPlan.FirstRatio;
    private long _failures;
    private volatile SealTrouble? _trouble;

    public SealRequests Requests { get; } = new();

    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>What keeps it from sealing, or null.</summary>
    public SealTrouble? Trouble => _trouble;

    /// <summary>Runs until the log closes.</summary>
    public async Task RunAsync()
    {
        var pause = FirstPause;
        while (!closing.IsCancellationRequested)
        {
            var wake = Requests.Wake;
            if (await TryTurnAsync())
            {
                pause = FirstPause;
                await FirstOf.WaitAsync(wake, Task.Delay(Turn, log.Ports.Clock, closing));
            }
            else
            {
                await Pause.WaitAsync(pause, log.Ports.Clock, closing);
                pause = pause < LongestPause / 2 ? pause * 2 : LongestPause;
            }
        }

        foreach (var request in Requests.Take())
        {
            request.Done.TrySetException(new LogUnavailableException("the log is being closed"));
        }
    }

    private async ValueTask<bool> TryTurnAsync()
    {
        var requests = Requests.Take();
        try
        {
            var archive = await opening.OpenAsync();
            var report = await SealAsync(archive, requests);
            foreach (var request in requests)
            {
                request.Done.TrySetResult(report);
            }

            await _retention.MoveStartsAsync(archive);
            await _trimmer.TrimAsync();
            _trouble = null;
            return true;
        }
        catch (Exception e)
        {
            // The store, a file of the archive, or the journal: each heals by itself or names what to do. Anything else is a defect, and must not end the loop: health tells of it as of the others.
            foreach (var request in requests)
            {
                request.Done.TrySetException(e);
            }

            Failed(e);
            return false;
        }
    }

    private void Failed(Exception e)
    {
        Interlocked.Increment(ref _failures);
        if (access.Archive is null)
        {
            access.Failed(e);
        }

        _trouble = _trouble is { } before
            ? before with { Error = e }
            : new SealTrouble(log.Ports.Clock.GetUtcNow(), e, log.Journal.Bytes);
        log.Ports.Observer?.SealFailed(e);
    }

    private async ValueTask<SealReport> SealAsync(EventArchive archive, IReadOnlyList<SealRequest> requests)
    {
        var started = log.Ports.Clock.GetUtcNow();
        var report = new SealReport(0, 0, 0, archive.Version, TimeSpan.Zero);
        for (var moves = 0; ; moves++)
        {
            var due = SealPlan.Due(
                Candidates(), log.Options, log.NowMicros, log.Journal.Bytes, _ratio, channel => requests.Any(r => r.Covers(channel)));
            if (due.Count == 0)
            {
                return report with { Version = archive.Version, Elapsed = log.Ports.Clock.GetUtcNow() - started };
            }

            await AwaitIntervalAsync();
            await _incarnations.SettleAsync(archive, due);
            await using var writer = new SealWriter(log, archive, unsealed, batch => CommitAsync(archive, batch, done => report = Sum(report, done)));
            if (await WriteAsync(writer, due))
            {
                return report with { Elapsed = log.Ports.Clock.GetUtcNow() - started };
            }

            if (moves == MostMoves)
            {
                throw new StoreException(StoreError.Unavailable, "somebody else keeps committing to this node's partitions of the archive; find and stop the second node");
            }

            await opening.ReconcileAsync(archive);
        }
    }

    private static async ValueTask<bool> WriteAsync(SealWriter writer, IReadOnlyList<Channel> due)
    {
        foreach (var channel in due)
        {
            if (!await writer.AddAsync(channel))
            {
                return false;
            }
        }

        return await writer.CommitAsync();
    }

    private static SealReport Sum(SealReport a, SealReport b) => new(a.Files + b.Files, a.Events + b.Events, a.Bytes + b.Bytes, b.Version, a.Elapsed + b.Elapsed);

    private async Task<bool> CommitAsync(EventArchive archive, SealBatch batch, Action<SealReport> done)
    {
        var started = log.Ports.Clock.GetUtcNow();
        var outcome = await archive.CommitAsync(batch.Files, [.. batch.Parts.Select(p => p.Position)]);
        _lastCommit = log.Ports.Clock.GetUtcNow();
        if (outcome.Result == SealResult.Moved)
        {
            return false;
        }

        await log.AppendAsync(new Sealed([.. batch.Parts.Select(p => p.Part)]));
        _ratio = SealPlan.Learn(_ratio, batch.JournalBytes, batch.Bytes, log.Options.SealBytes);

        var report = new SealReport(batch.Files.Count, batch.Events, batch.Bytes, outcome.Version, _lastCommit - started);
        done(report);
        log.Ports.Observer?.Sealed(report);
        await _hints.PutAsync(access.Store!, outcome.Version);
        return true;
    }

    private List<SealCandidate> Candidates()
    {
        var candidates = new List<SealCandidate>();
        lock (log.Gate)
        {
            foreach (var channel in log.Channels.All)
            {
                long bytes = 0, oldest = long.MaxValue;
                foreach (var partition in channel.Partitions)
                {
                    var state = partition.State;
                    if (partition.HighWatermark > state.SealedThrough)
                    {
                        bytes += state.Bytes - state.SealedBytes;
                        oldest = Math.Min(oldest, state.OldestUnsealed < 0 ? log.NowMicros : state.OldestUnsealed);
                    }
                }

                if (oldest != long.MaxValue)
                {
                    candidates.Add(new SealCandidate(channel, bytes, oldest));
                }
            }
        }

        return candidates;
    }

    /// <summary>Keeps commits apart; closing ends the wait, and what is due is still sealed.</summary>
    private async ValueTask AwaitIntervalAsync()
    {
        var left = _lastCommit + log.Options.CommitInterval - log.Ports.Clock.GetUtcNow();
        if (_lastCommit != DateTimeOffset.MinValue && left > TimeSpan.Zero)
        {
            await Pause.WaitAsync(left, log.Ports.Clock, closing);
        }
    }
}

/// <summary>Sealing does not succeed.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Error">The last failure.</param>
/// <param name="JournalBytes">Bytes of the journal when it began.</param>
internal sealed record SealTrouble(DateTimeOffset Since, Exception Error, long JournalBytes);
