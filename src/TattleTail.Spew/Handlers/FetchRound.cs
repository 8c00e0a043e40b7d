using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>
/// The partitions of one fetch and what has been read of them so far. Holds the log's buffers, and their size of the process's budget, until disposed.
/// </summary>
internal sealed class FetchRound : IDisposable
{
    /// <summary>Most bytes of one answer, whatever the client allows, unless one batch is larger.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly Exchange _exchange;
    private readonly FetchRequest _request;
    private readonly FetchSlot[] _slots;
    private readonly int _limit;
    private long _charged;
    private int _bytes;
    private bool _full;

    public FetchRound(Exchange exchange, FetchRequest request)
    {
        _exchange = exchange;
        _request = request;
        _limit = Math.Clamp(request.MaxBytes, 0, MostBytes);
        var slots = new List<FetchSlot>();
        foreach (FetchTopic topic in request.Topics)
        {
            Channel? channel = ChannelLookup.FindReadable(exchange, topic.Topic, out ErrorCode error);
            foreach (FetchPartition partition in topic.Partitions)
            {
                slots.Add(new FetchSlot(partition, ChannelLookup.Partition(channel, partition.Partition), error));
            }

            if (channel is not null)
            {
                exchange.Visit.Reads(channel.Name);
            }
        }

        _slots = [.. slots];
    }

    /// <summary>Nothing is gained by waiting: enough is there, something is wrong, or nothing was asked for.</summary>
    public bool IsEnough => _slots.Length == 0 || _full || _bytes >= _request.MinBytes || _slots.Any(slot => slot.Error != ErrorCode.None);

    /// <summary>A partition has grown since it was read.</summary>
    public bool HasNews => Array.Exists(_slots, slot => slot.HasNews);

    /// <summary>The partitions that may grow.</summary>
    public IReadOnlyList<LogPartition> Partitions => [.. _slots.Where(slot => slot.Error == ErrorCode.None).Select(slot => slot.Partition!)];

    /// <summary>
    /// Reads anew from where the client stands. The first partition with events gives at least one batch, however large; the next fetch begins at the first partition that
    /// found no room.
    /// </summary>
    public async ValueTask ReadAsync()
    {
        Dispose();
        long most = 0;
        foreach (FetchSlot slot in _slots)
        {
            most += slot.Look() ? Math.Max(1, slot.Asked.PartitionMaxBytes) : 0;
        }

        if (most == 0)
        {
            return;
        }

        await ChargeAsync(Math.Min(_limit, most));
        int first = _exchange.Client.FetchRotation % _slots.Length;
        _exchange.Client.FetchRotation = 0;
        for (int i = 0; i < _slots.Length; i++)
        {
            int index = (first + i) % _slots.Length;
            if (!await ReadSlotAsync(_slots[index]) && !_full)
            {
                _full = true;
                _exchange.Client.FetchRotation = index;
            }
        }

        SettleCharge();
    }

    /// <summary>What was read, for the client.</summary>
    public FetchResponse Answer()
    {
        var topics = new FetchTopicResponse[_request.Topics.Length];
        int next = 0;
        for (int t = 0; t < topics.Length; t++)
        {
            var partitions = new FetchPartitionResponse[_request.Topics[t].Partitions.Length];
            for (int p = 0; p < partitions.Length; p++)
            {
                partitions[p] = Answer(_slots[next++]);
            }

            topics[t] = new FetchTopicResponse { Topic = _request.Topics[t].Topic, Partitions = partitions };
        }

        return new FetchResponse { Responses = topics };
    }

    /// <summary>Gives buffers and budget back.</summary>
    public void Dispose()
    {
        foreach (FetchSlot slot in _slots)
        {
            slot.Release();
        }

        _bytes = 0;
        _full = false;
        SettleCharge();
    }

    /// <summary>False when the partition has events that found no room.</summary>
    private async ValueTask<bool> ReadSlotAsync(FetchSlot slot)
    {
        if (slot.Error != ErrorCode.None || slot.Asked.FetchOffset >= slot.HighWatermark)
        {
            return true;
        }

        int room = _limit - _bytes;
        if (_full || (_bytes > 0 && room <= 0))
        {
            return false;
        }

        await slot.ReadAsync(_exchange, Math.Max(1, Math.Min(room, slot.Asked.PartitionMaxBytes)));
        if (_bytes > 0 && slot.Run.Bytes > room)
        {
            slot.Release();
            return false;
        }

        _bytes += slot.Run.Bytes;
        return true;
    }

    private FetchPartitionResponse Answer(FetchSlot slot)
    {
        const sbyte readCommitted = 1;
        bool served = slot.Error == ErrorCode.None;
        return new FetchPartitionResponse
        {
            PartitionIndex = slot.Asked.Partition,
            ErrorCode = _exchange.Code(slot.Error),
            HighWatermark = served ? slot.HighWatermark : -1,
            LastStableOffset = served ? slot.HighWatermark : -1,
            LogStartOffset = served ? slot.Partition!.StartOffset : -1,
            AbortedTransactions = served && _request.IsolationLevel == readCommitted ? [] : null,
            PreferredReadReplica = -1,
            Records = slot.Run,
        };
    }

    private async ValueTask ChargeAsync(long bytes)
    {
        await _exchange.Node.FetchMemory.AcquireAsync(bytes, _exchange.Client.Ending);
        _charged = bytes;
    }

    /// <summary>Charges what is held instead of what it could have been. One batch may be larger than all that the client allows.</summary>
    private void SettleCharge()
    {
        if (_bytes > _charged)
        {
            _exchange.Node.FetchMemory.Add(_bytes - _charged);
        }
        else if (_bytes < _charged)
        {
            _exchange.Node.FetchMemory.Release(_charged - _bytes);
        }

        _charged = _bytes;
    }
}
