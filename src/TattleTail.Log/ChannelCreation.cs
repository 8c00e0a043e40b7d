using TattleTail.Events;
using TattleTail.Log.Reading;
using TattleTail.Log.State;

namespace TattleTail.Log;

/// <summary>Begins and ends incarnations of channels.</summary>
internal sealed class ChannelCreation(LogCore log, ArchiveAccess archive)
{
    /// <summary>Names that begin so are the log's own.</summary>
    public const string OwnPrefix = "_tattletail.";

    // Creations whose journal entry is not yet durable, by name; under the log's lock.
    private readonly Dictionary<string, Task<long>> _pending = new(StringComparer.Ordinal);

    /// <summary>Creates a channel for its owner; see <see cref="EventLog.CreateChannelAsync"/>.</summary>
    public async ValueTask<Channel> CreateAsync(string name, int partitions, ChannelConfig config, string source)
    {
        Check(name, partitions, config, source);
        Task<long> durable;
        var isMine = false;
        ChannelState? state = null;
        lock (log.Gate)
        {
            log.RequireAvailable();
            if (!_pending.TryGetValue(name, out durable!) || durable.IsCompleted)
            {
                CheckRoom(name, partitions);
                var created = new ChannelCreated(
                    log.State.NextStream, name, NextIncarnation(name), ((SharedRandom)log.Ports.Random).NextGuid(), source, name, partitions, config);
                durable = log.Queue(created);
                state = log.State.Newest(name);
                _pending[name] = durable;
                isMine = true;
            }
        }

        await LogCore.DurableAsync(durable);
        lock (log.Gate)
        {
            if (isMine)
            {
                _pending.Remove(name);
                return log.Channels.Publish(log, state!);
            }
        }

        throw Exists(name);
    }

    /// <summary>Closes an incarnation; see <see cref="EventLog.CloseChannelAsync"/>.</summary>
    public async ValueTask CloseAsync(Channel channel)
    {
        if (channel.IsOwn)
        {
            throw new ChannelException(ChannelFault.Reserved, $"channel {channel.Name} is kept by TattleTail and cannot be deleted");
        }

        Task<long> durable;
        lock (log.Gate)
        {
            log.RequireAvailable();
            if (channel.IsClosed || channel.Partitions[0].State.Channel.IsClosed)
            {
                throw new ChannelException(ChannelFault.NotFound, $"channel {channel.Name} is deleted already");
            }

            durable = log.Queue(new ChannelClosed(channel.Stream));
        }

        await LogCore.DurableAsync(durable);
        lock (log.Gate)
        {
            log.Channels.Close(channel);
        }

        foreach (var partition in channel.Partitions)
        {
            partition.Wake();
        }
    }

    private static ChannelException Exists(string name) => new(ChannelFault.Exists, $"channel {name} exists");

    private void Check(string name, int partitions, ChannelConfig config, string source)
    {
        if (ChannelName.Fault(name) is { } fault)
        {
            throw new ChannelException(ChannelFault.InvalidName, fault);
        }

        if (source != LogCore.OwnSource && name.StartsWith(OwnPrefix, StringComparison.Ordinal))
        {
            throw new ChannelException(ChannelFault.Reserved, $"names that begin with {OwnPrefix} are kept for TattleTail's own channels");
        }

        if (partitions < 1 || partitions > Math.Min(log.Options.MaxPartitions, StateLimits.MaxPartitions))
        {
            throw new ChannelException(ChannelFault.InvalidPartitions, $"a channel has 1 to {log.Options.MaxPartitions} partitions, not {partitions}");
        }

        config.Check();
    }

    private void CheckRoom(string name, int partitions)
    {
        if (log.State.Newest(name) is { IsClosed: false })
        {
            throw Exists(name);
        }

        if (log.State.OpenChannels >= log.Options.MaxChannels || log.State.Channels.Count >= StateLimits.MaxIncarnations)
        {
            throw new ChannelException(ChannelFault.TooMany, $"the node has {log.State.OpenChannels} channels, and {log.State.Channels.Count} ever; it may have no more");
        }

        if (log.State.TotalPartitions + partitions > StateLimits.MaxNodePartitions)
        {
            throw new ChannelException(ChannelFault.TooMany, $"the node has {log.State.TotalPartitions} partitions; {StateLimits.MaxNodePartitions} is the most");
        }
    }

    /// <summary>One more than any that the node or, as far as it can be asked now, the archive has seen. What it could not be asked is settled before the first seal (<see cref="Sealing.Incarnations"/>).</summary>
    private int NextIncarnation(string name)
    {
        var known = log.State.Newest(name)?.Incarnation ?? 0;
        if (archive.Archive is { } open)
        {
            foreach (var stream in open.Streams(name))
            {
                known = Math.Max(known, stream.Incarnation);
            }
        }

        return known + 1;
    }
}
