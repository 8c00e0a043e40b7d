using System.Globalization;
using TattleTail.Log.Appending;
using TattleTail.Log.Reading;
using TattleTail.Log.Sealing;

namespace TattleTail.Log;

/// <summary>Says in one sentence how recording and sealing go.</summary>
internal sealed class HealthReport(LogCore log, ArchiveAccess archive, Sealer sealer, Func<IEnumerable<Task>> loops)
{
    private DateTimeOffset? _fullSince;

    public LogHealth Now()
    {
        var now = log.Ports.Clock.GetUtcNow();
        lock (log.Gate)
        {
            if (log.Outage is { } outage)
            {
                return new LogHealth(HealthStatus.Red, outage.Reason, outage.Since, outage.WhatToDo);
            }

            if (log.Journal.Fault is { } fault)
            {
                // Nothing is acknowledged from that moment on, though the loop that reopens the journal may not have heard of it yet.
                return new LogHealth(HealthStatus.Red, $"the journal failed: {fault.Message}", now, "check the disk and the system's log; the journal is reopened by itself as soon as it works");
            }

            if (loops().FirstOrDefault(l => l.IsFaulted) is { } stopped)
            {
                return new LogHealth(HealthStatus.Red, $"a loop of the log ended: {stopped.Exception!.InnerException!.Message}", log.OpenedAt, "restart the node and report this");
            }

            return OfQuota(now) ?? OfSealing(now) ?? OfRecovery() ?? new LogHealth(HealthStatus.Green, "recording and sealing", log.OpenedAt, null);
        }
    }

    private LogHealth? OfQuota(DateTimeOffset now)
    {
        var (bytes, quota) = (log.Journal.Bytes, log.Options.JournalQuotaBytes);
        if (!QuotaPolicy.IsAbove(bytes, quota, QuotaPolicy.SlowFromPercent))
        {
            _fullSince = null;
            return null;
        }

        _fullSince ??= now;
        var cause = sealer.Trouble is { } trouble ? $"; sealing fails: {trouble.Error.Message}" : "";
        const string WhatToDo = "let the archive catch up (is its store reachable and fast enough?) or raise the journal's quota";
        return QuotaPolicy.IsFull(bytes, quota)
            ? new LogHealth(HealthStatus.Red, $"the journal is full: {bytes} of {quota} bytes{cause}", _fullSince.Value, WhatToDo)
            : new LogHealth(HealthStatus.Yellow, $"the journal is nearly full: {bytes} of {quota} bytes, acknowledgements are slowed{cause}", _fullSince.Value, WhatToDo);
    }

    private LogHealth? OfSealing(DateTimeOffset now)
    {
        if (sealer.Trouble is not { } trouble)
        {
            return null;
        }

        var what = archive.Archive is null ? "the archive cannot be opened" : "sealing fails";
        return new LogHealth(
            HealthStatus.Yellow, $"{what}: {trouble.Error.Message}; events stay in the journal, {TimeLeft(trouble, now)}", trouble.Since,
            "make the archive's store reachable and writable; sealing resumes by itself");
    }

    private string TimeLeft(SealTrouble trouble, DateTimeOffset now)
    {
        var grown = log.Journal.Bytes - trouble.JournalBytes;
        var seconds = (now - trouble.Since).TotalSeconds;
        var left = log.Options.JournalQuotaBytes - log.Journal.Bytes;
        if (grown <= 0 || seconds <= 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"which has room for {left} bytes more");
        }

        var time = TimeSpan.FromSeconds(Math.Min(left / (grown / seconds), TimeSpan.FromDays(999).TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"which is full in {(int)time.TotalHours} h {time.Minutes} min at this rate");
    }

    private LogHealth? OfRecovery()
    {
        var corruptions = log.Journal.Corruptions;
        return corruptions.Count == 0
            ? null
            : new LogHealth(
                HealthStatus.Yellow, $"the journal was damaged in {corruptions.Count} places (first: segment {corruptions[0].Segment}, {corruptions[0].Reason}); what was lost is listed in channel {Recovery.Ledger.Name}",
                log.OpenedAt, "check the disk; nothing else needs a hand");
    }
}
