using TattleTail.Journal;
using TattleTail.Log.Recovery;
using TattleTail.Log.State;

namespace TattleTail.Log.Sealing;

/// <summary>
/// Reads what a partition has unsealed. An entry that was durable and no longer matches its checksum is lost: its offsets are written to the state and the ledger as a gap, and the
/// rest is sealed.
/// </summary>
internal sealed class UnsealedRead(LogCore log, Ledger ledger)
{
    private const int ReadBytes = 4 * 1024 * 1024;

    /// <summary>Batches from an offset on; when damage stands there, from after it.</summary>
    public async ValueTask<JournalRead> ReadAsync(LogPartition partition, long from)
    {
        var maxBytes = ReadBytes;
        while (true)
        {
            try
            {
                return await log.Journal.ReadAsync(partition.State.Key, from, maxBytes);
            }
            catch (JournalDamagedException e) when (e.FirstOffset > from && maxBytes > 1)
            {
                // Sound batches lie before the damage: up to it, one at a time.
                maxBytes = 1;
            }
            catch (JournalDamagedException e) when (e.LastOffset >= from)
            {
                await NoteAsync(partition, new OffsetGap(Math.Max(from, e.FirstOffset), e.LastOffset + 1), e.Message);
                from = e.LastOffset + 1;
            }
        }
    }

    private async ValueTask NoteAsync(LogPartition partition, OffsetGap gap, string reason)
    {
        lock (log.Gate)
        {
            if (partition.State.Gaps.Contains(gap))
            {
                return;
            }
        }

        await log.AppendAsync(new GapsFound(partition.Channel.Stream, partition.Index, [gap]));
        await ledger.WriteAsync([new FoundGap(partition.State, gap, false, reason)]);
    }
}
