using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using TattleTail.Journal;
using TattleTail.Log;

namespace TattleTail.Server.Telemetry;

/// <summary>What happens in the log, as log lines and as instruments on the meter <see cref="MeterName"/>. No label names a channel, a client or a key.</summary>
internal sealed class LogTelemetry : ILogObserver, IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TattleTail.Log";

    private readonly Meter _meter = new(MeterName);
    private readonly ILogger _logger;
    private readonly Histogram<double> _sync;
    private readonly Histogram<double> _seal;
    private readonly Counter<long> _syncedBytes;
    private readonly Counter<long> _journalFaults;
    private readonly Counter<long> _trimmedBytes;
    private readonly Counter<long> _sealedEvents;

    public LogTelemetry(ILogger<LogTelemetry> logger)
    {
        _logger = logger;
        _sync = _meter.CreateHistogram("tattletail.journal.sync", "s", "Time of a sync of the journal.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
        });
        _seal = _meter.CreateHistogram("tattletail.seal", "s", "Time of a commit to the archive, with its files.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300],
        });
        _syncedBytes = _meter.CreateCounter<long>("tattletail.journal.synced", "By", "Bytes made durable in the journal.");
        _journalFaults = _meter.CreateCounter<long>("tattletail.journal.faults", null, "Times the journal stopped acknowledging.");
        _trimmedBytes = _meter.CreateCounter<long>("tattletail.journal.trimmed", "By", "Bytes of journal segments removed after archiving.");
        _sealedEvents = _meter.CreateCounter<long>("tattletail.sealed.events", null, "Events moved to the archive.");
    }

    /// <summary>Adds the instruments that look at the log when they are asked.</summary>
    public void Observe(EventLog log)
    {
        _meter.CreateObservableGauge("tattletail.journal.bytes", () => log.Figures.JournalBytes, null, "Bytes of the journal's segments.");
        _meter.CreateObservableGauge("tattletail.journal.quota.bytes", () => log.Figures.JournalQuotaBytes, null, "Journal bytes at which acknowledgements stop.");
        _meter.CreateObservableGauge("tattletail.unsealed.events", () => log.Figures.UnsealedEvents, null, "Events that are not archived yet.");
        _meter.CreateObservableGauge("tattletail.unsealed.age", () => log.Figures.OldestUnsealedAge.TotalSeconds, "s", "Age of the oldest event that is not archived yet.");
        _meter.CreateObservableCounter("tattletail.seal.failures", () => log.Figures.SealFailures, null, "Times sealing failed.");
        _meter.CreateObservableGauge("tattletail.archive.files", () => log.Figures.ArchiveFiles, null, "Live files of the archive.");
        _meter.CreateObservableGauge("tattletail.archive.bytes", () => log.Figures.ArchiveBytes, null, "Bytes of the archive's live files.");
        _meter.CreateObservableCounter("tattletail.appended.events", () => log.Figures.EventsAppended, null, "Events recorded.");
        _meter.CreateObservableCounter("tattletail.appended.bytes", () => log.Figures.BytesAppended, null, "Bytes recorded.");
        _meter.CreateObservableGauge("tattletail.health", () => (int)log.Health.Status, null, "0 green, 1 yellow, 2 red.");
    }

    public void JournalFaulted(Exception fault)
    {
        _journalFaults.Add(1);
        NodeEvents.JournalFaulted(_logger, fault.Message);
    }

    public void JournalReopened(RecoveryReport report)
    {
        NodeEvents.JournalReopened(_logger, RecoveryWords.Of(report));
        Damaged(report);
    }

    /// <summary>What recovery found when the node started.</summary>
    public void Recovered(RecoveryReport report)
    {
        NodeEvents.Recovered(_logger, RecoveryWords.Of(report));
        Damaged(report);
    }

    public void Sealed(SealReport report)
    {
        _seal.Record(report.Elapsed.TotalSeconds);
        _sealedEvents.Add(report.Events);
        NodeEvents.Sealed(_logger, report.Events, report.Files, report.Bytes, report.Version, report.Elapsed.TotalSeconds);
    }

    public void SealFailed(Exception error) => NodeEvents.SealFailed(_logger, error.Message);

    public void Trimmed(int segments, long bytes)
    {
        _trimmedBytes.Add(bytes);
        NodeEvents.Trimmed(_logger, segments, bytes);
    }

    public void Synced(long bytes, TimeSpan elapsed)
    {
        _syncedBytes.Add(bytes);
        _sync.Record(elapsed.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private void Damaged(RecoveryReport report)
    {
        foreach (var damage in report.Corruptions)
        {
            NodeEvents.Damaged(_logger, damage.Segment, damage.From, damage.To, damage.Reason);
        }

        foreach (var file in report.ForeignFiles)
        {
            NodeEvents.ForeignFile(_logger, file);
        }
    }
}
