using TattleTail.Journal;
using TattleTail.Log;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Work;

/// <summary>
/// Watches one life of the node for false health (I8): after a sync of the journal failed, the log must notice, be red, and acknowledge nothing that is sent until the journal is
/// reopened.
/// </summary>
internal sealed class NodeWatch(Findings findings) : ILogObserver
{
    // Between the failed sync and the observer's call lie a few steps of the sync loop; other lanes may run in between.
    private const long StepsToNotice = 20_000;

    private long _unnoticedSince = -1;
    private string _unnoticed = "";
    private long _changes;

    /// <summary>The journal is faulted and not yet reopened.</summary>
    public bool IsFaulted { get; private set; }

    public int Faults { get; private set; }

    public int Reopenings { get; private set; }

    public int Seals { get; private set; }

    public int SealFailures { get; private set; }

    public int TrimmedSegments { get; private set; }

    /// <summary>The log under watch, once it is open.</summary>
    public EventLog? Log { get; set; }

    /// <summary>To be given back with the answer.</summary>
    public (bool Faulted, long Changes) Mark() => (IsFaulted, _changes);

    /// <summary>An append was answered.</summary>
    public void Acknowledged(AppendStatus status, (bool Faulted, long Changes) since, string id)
    {
        if (status is AppendStatus.Appended && since.Faulted && since.Changes == _changes)
        {
            findings.Add("I8", $"{id} was sent and acknowledged while the journal was faulted");
        }
    }

    /// <summary>A sync of a journal file failed.</summary>
    public void SyncFailed(string path, long step)
    {
        if (Log is not null && !IsFaulted && _unnoticedSince < 0)
        {
            _unnoticedSince = step;
            _unnoticed = path;
        }
    }

    /// <summary>Looks at the health between two steps.</summary>
    public void Look(long step)
    {
        if (_unnoticedSince >= 0 && step - _unnoticedSince > StepsToNotice)
        {
            findings.Add("I8", $"a sync of {_unnoticed} failed and the log did not notice");
            _unnoticedSince = -1;
        }

        if (IsFaulted && step % 64 == 0 && Log is { } log)
        {
            findings.Require(log.Health.Status == HealthStatus.Red, "I8", $"the journal is faulted and health is {log.Health.Status}");
        }
    }

    /// <summary>The node closes; a failure that it did not notice until now was swallowed.</summary>
    public void Close()
    {
        findings.Require(_unnoticedSince < 0, "I8", $"a sync of {_unnoticed} failed and the log closed without noticing");
        _unnoticedSince = -1;
        Log = null;
    }

    public void JournalFaulted(Exception fault)
    {
        IsFaulted = true;
        _unnoticedSince = -1;
        _changes++;
        Faults++;
    }

    public void JournalReopened(RecoveryReport report)
    {
        IsFaulted = false;
        _unnoticedSince = -1;
        _changes++;
        Reopenings++;
    }

    public void Sealed(SealReport report) => Seals++;

    public void SealFailed(Exception error) => SealFailures++;

    public void Trimmed(int segments, long bytes) => TrimmedSegments += segments;

    public void Synced(long bytes, TimeSpan elapsed)
    {
    }
}
