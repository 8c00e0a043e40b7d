using TattleTail.Log.State;

namespace TattleTail.Log;

/// <summary>Changes incarnations that exist: their partitions, settings and served starts.</summary>
internal sealed class ChannelChanges(LogCore log)
{
    /// <summary>See <see cref="EventLog.AddPartitionsAsync"/>.</summary>
    public async ValueTask AddPartitionsAsync(Channel channel, int partitions)
    {
        Task<long> durable;
        ChannelState state;
        lock (log.Gate)
        {
            state = Changeable(channel);
            if (partitions <= state.Partitions.Count || partitions > Math.Min(log.Options.MaxPartitions, StateLimits.MaxPartitions))
            {
                throw new ChannelException(
                    ChannelFault.InvalidPartitions, $"channel {channel.Name} has {state.Partitions.Count} partitions; it can have more, up to {log.Options.MaxPartitions}, but not {partitions}");
            }

            if (log.State.TotalPartitions + partitions - state.Partitions.Count > StateLimits.MaxNodePartitions)
            {
                throw new ChannelException(ChannelFault.TooMany, $"the node has {log.State.TotalPartitions} partitions; {StateLimits.MaxNodePartitions} is the most");
            }

            durable = log.Queue(new PartitionsAdded(channel.Stream, partitions));
        }

        await LogCore.DurableAsync(durable);
        lock (log.Gate)
        {
            channel.Grow(state);
        }
    }

    /// <summary>See <see cref="EventLog.ConfigureChannelAsync"/>.</summary>
    public async ValueTask ConfigureAsync(Channel channel, ChannelConfig config)
    {
        config.Check();
        Task<long> durable;
        lock (log.Gate)
        {
            Changeable(channel);
            durable = log.Queue(new ChannelConfigured(channel.Stream, config));
        }

        await LogCore.DurableAsync(durable);
        lock (log.Gate)
        {
            channel.Configure(config);
        }
    }

    /// <summary>See <see cref="EventLog.MoveStartAsync"/>.</summary>
    public async ValueTask<long> MoveStartAsync(LogPartition partition, long offset)
    {
        Task<long> durable;
        lock (log.Gate)
        {
            Changeable(partition.Channel);
            var start = partition.State.LogStart;
            if (offset < 0 || offset > partition.HighWatermark)
            {
                throw new OffsetOutOfRangeException(offset, start, partition.HighWatermark);
            }

            if (offset <= start)
            {
                return start;
            }

            durable = log.Queue(new LogStartMoved(partition.Channel.Stream, partition.Index, offset));
        }

        await LogCore.DurableAsync(durable);
        return offset;
    }

    /// <summary>The state of a channel that clients may change; under the lock.</summary>
    private ChannelState Changeable(Channel channel)
    {
        log.RequireAvailable();
        if (channel.IsOwn)
        {
            throw new ChannelException(ChannelFault.Reserved, $"channel {channel.Name} is kept by TattleTail and cannot be changed");
        }

        var state = channel.Partitions[0].State.Channel;
        return channel.IsClosed || state.IsClosed ? throw new ChannelException(ChannelFault.NotFound, $"channel {channel.Name} is deleted") : state;
    }
}
