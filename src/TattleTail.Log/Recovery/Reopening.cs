using TattleTail.Journal;
using TattleTail.Log.Waiting;
using TattleTail.Platform;

namespace TattleTail.Log.Recovery;

/// <summary>
/// Watches the journal. When it faults, appends are refused at once, and the journal is opened again by the recovery path: after a pause that doubles from 100 ms to 10 s, and when the
/// disk was full, as soon as there is room. Its loop runs on the writer's scheduler, which a faulted journal leaves idle.
/// </summary>
internal sealed class Reopening(LogCore log, DamageRecord damage, CancellationToken closing)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Runs until the log closes.</summary>
    public async Task RunAsync()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = closing.UnsafeRegister(static closed => ((TaskCompletionSource)closed!).TrySetResult(), closed);
        while (!closing.IsCancellationRequested)
        {
            var journal = log.Journal;
            await FirstOf.WaitAsync(journal.Faulted, closed.Task);
            if (journal.Faulted.IsCompleted && !closing.IsCancellationRequested)
            {
                await ReopenAsync(journal);
            }
        }
    }

    private async ValueTask ReopenAsync(WriteAheadJournal faulted)
    {
        var fault = faulted.Fault ?? new JournalFaultedException("the journal faulted");
        var since = log.Ports.Clock.GetUtcNow();
        Suspend(since, fault);
        log.Ports.Observer?.JournalFaulted(fault);
        var durable = faulted.Durable;
        for (var pause = FirstPause; !closing.IsCancellationRequested; pause = pause < LongestPause / 2 ? pause * 2 : LongestPause)
        {
            await Pause.WaitAsync(pause, log.Ports.Clock, closing);
            if (closing.IsCancellationRequested || (IsNoSpace(fault) && !HasRoom()))
            {
                continue;
            }

            try
            {
                var opened = await LogOpening.OpenAsync(log.Options, log.Ports, (SharedRandom)log.Ports.Random, durable);
                await ResumeAsync(opened, faulted);
                return;
            }
            catch (IOException e)
            {
                fault = e;
                Suspend(since, fault);
            }
        }
    }

    private async ValueTask ResumeAsync(OpenedJournal opened, WriteAheadJournal faulted)
    {
        IReadOnlyList<Channel> channels;
        lock (log.Gate)
        {
            log.Resume(opened.Journal, opened.Replay.State);
            channels = log.Channels.All;
        }

        foreach (var partition in channels.SelectMany(c => c.Partitions))
        {
            partition.Wake();
        }

        log.Ports.Observer?.JournalReopened(opened.Journal.Recovery);
        await faulted.DisposeAsync();
        try
        {
            await damage.WriteAsync(opened.Replay);
        }
        catch (LogUnavailableException)
        {
            // The journal failed again, or the log closes: the next replay finds the same damage.
        }
    }

    private void Suspend(DateTimeOffset since, Exception fault)
    {
        var outage = IsNoSpace(fault)
            ? new Outage(since, $"the disk of the journal is full: {fault.Message}", $"make room in {log.Options.JournalFolder}; recording resumes by itself", fault)
            : new Outage(since, $"the journal failed: {fault.Message}", "check the disk and the system's log; the journal is reopened by itself as soon as it works", fault);
        lock (log.Gate)
        {
            log.Suspend(outage);
        }
    }

    private static bool IsNoSpace(Exception? fault) =>
        fault is FileSystemException { Error: FileSystemError.NoSpace } || (fault?.InnerException is { } inner && IsNoSpace(inner));

    private bool HasRoom()
    {
        try
        {
            return log.Ports.Files.AvailableBytes(log.Options.JournalFolder) >= 2L * log.Options.SegmentBytes;
        }
        catch (FileSystemException)
        {
            // The reopening itself tells what is wrong.
            return true;
        }
    }
}
