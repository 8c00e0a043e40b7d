using TattleTail.Log.State;

namespace TattleTail.Log;

/// <summary>
/// Hands out producer ids. A block of them is reserved by a durable state change before the first is used; after a crash the rest of the block is never used, so that no id is handed
/// out twice.
/// </summary>
internal sealed class ProducerIds(LogCore log)
{
    /// <summary>Ids reserved at a time.</summary>
    public const int Block = 1_000;

    // Under the log's lock.
    private long _next;
    private long _end;
    private Task? _reservation;

    public async ValueTask<long> AllocateAsync()
    {
        while (true)
        {
            Task reservation;
            lock (log.Gate)
            {
                if (_next < _end)
                {
                    return _next++;
                }

                log.RequireAvailable();
                reservation = _reservation is { IsCompleted: false } running ? running : _reservation = ReserveAsync(log.State.ProducerIdEnd);
            }

            await reservation;
        }
    }

    private async Task ReserveAsync(long first)
    {
        var durable = log.Queue(new ProducerIdsReserved(first + Block));
        await LogCore.DurableAsync(durable);
        lock (log.Gate)
        {
            _next = first;
            _end = first + Block;
        }
    }
}
