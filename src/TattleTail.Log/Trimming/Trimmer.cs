using TattleTail.Journal;
using TattleTail.Log.Appending;

namespace TattleTail.Log.Trimming;

/// <summary>
/// Removes the journal's oldest segments when every event in them lies in a committed, verified file and has for a while, and a durable snapshot above them holds what their state
/// entries said. The delay is for readers; it is waived while the journal fills more than half of its quota.
/// </summary>
internal sealed class Trimmer(LogCore log)
{
    private readonly Dictionary<long, DateTimeOffset> _sealedSince = [];
    private (long Segment, IReadOnlyList<SegmentContent> Content)? _blocked;

    public async ValueTask TrimAsync()
    {
        var journal = log.Journal;
        if (journal.Fault is not null)
        {
            return;
        }

        var hurry = QuotaPolicy.IsAbove(journal.Bytes, log.Options.JournalQuotaBytes, QuotaPolicy.TrimAtOncePercent);
        var now = log.Ports.Clock.GetUtcNow();
        var going = new List<SegmentSummary>();
        foreach (var segment in journal.Segments)
        {
            if (segment.IsOpen || !await IsSealedAsync(journal, segment))
            {
                break;
            }

            if (!_sealedSince.TryGetValue(segment.Number, out var since))
            {
                _sealedSince.Add(segment.Number, since = now);
            }

            if (!hurry && now - since < log.Options.TrimDelay)
            {
                continue;
            }

            going.Add(segment);
        }

        if (going.Count > 0)
        {
            await RemoveAsync(journal, going);
        }
    }

    private async ValueTask RemoveAsync(WriteAheadJournal journal, List<SegmentSummary> going)
    {
        if (!(journal.LastSnapshot >= going[^1].End))
        {
            Task<long> durable;
            lock (log.Gate)
            {
                log.RequireJournal();
                if (!ReferenceEquals(journal, log.Journal))
                {
                    return;
                }

                durable = log.QueueSnapshot(out _);
            }

            await LogCore.DurableAsync(durable);
        }

        await journal.TrimAsync(going[^1].Number + 1);
        foreach (var segment in going)
        {
            _sealedSince.Remove(segment.Number);
        }

        log.Ports.Observer?.Trimmed(going.Count, going.Sum(s => s.FileBytes));
    }

    private async ValueTask<bool> IsSealedAsync(WriteAheadJournal journal, SegmentSummary segment)
    {
        if (_sealedSince.ContainsKey(segment.Number))
        {
            return true;
        }

        var content = _blocked is { } blocked && blocked.Segment == segment.Number ? blocked.Content : await journal.ReadContentAsync(segment.Number);
        lock (log.Gate)
        {
            foreach (var part in content)
            {
                if (log.State.Find(part.Partition) is not { } partition || part.LastOffset >= partition.SealedThrough)
                {
                    _blocked = (segment.Number, content);
                    return false;
                }
            }
        }

        _blocked = null;
        return true;
    }
}
