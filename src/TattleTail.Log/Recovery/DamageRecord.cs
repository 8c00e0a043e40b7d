namespace TattleTail.Log.Recovery;

/// <summary>
/// Records what a replay found damaged: first the gaps in the ledger, then a snapshot, after which no replay finds them again. When the journal fails in between, the next replay finds
/// the same and the ledger may name a gap twice; it never misses one.
/// </summary>
internal sealed class DamageRecord(LogCore log, Ledger ledger)
{
    public async ValueTask WriteAsync(ReplayResult replay)
    {
        if (!replay.IsRepaired && replay.Gaps.Count == 0)
        {
            return;
        }

        await ledger.WriteAsync(replay.Gaps);
        Task<long> durable;
        lock (log.Gate)
        {
            log.RequireJournal();
            durable = log.QueueSnapshot(out _);
        }

        await LogCore.DurableAsync(durable);
    }
}
