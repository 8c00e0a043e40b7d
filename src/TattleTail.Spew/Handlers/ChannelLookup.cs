using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Handlers;

/// <summary>Channels as clients see them: the newest open incarnation of a name.</summary>
internal static class ChannelLookup
{
    /// <summary>Names that begin so belong to the node itself, as <c>__consumer_offsets</c> does in Kafka.</summary>
    public const string ReservedPrefix = "_tattletail.";

    private const string WritableSource = "spew";

    /// <summary>Clients may write to it and delete it: it belongs to the embedded broker, not to a source or the log itself.</summary>
    public static bool IsWritable(Channel channel) => channel.Source == WritableSource;

    public static bool IsReserved(string name) => name.StartsWith(ReservedPrefix, StringComparison.Ordinal);

    /// <summary>The partition, or null.</summary>
    public static LogPartition? Partition(Channel? channel, int index) =>
        channel is not null && (uint)index < (uint)channel.Partitions.Count ? channel.Partitions[index] : null;

    /// <summary>Checks the leader epoch that a client believes in (KIP-320).</summary>
    public static ErrorCode CheckEpoch(LogPartition partition, int clientEpoch)
    {
        if (clientEpoch < 0)
        {
            return ErrorCode.None;
        }

        int epoch = partition.LeaderEpoch;
        return clientEpoch < epoch ? ErrorCode.FencedLeaderEpoch : clientEpoch > epoch ? ErrorCode.UnknownLeaderEpoch : ErrorCode.None;
    }

    /// <summary>A channel that the client may read; null with the error when there is none. Whether one that may not be read exists is not told.</summary>
    public static Channel? FindReadable(Exchange exchange, string name, out ErrorCode error) => Find(exchange, name, exchange.Visit.MayRead(name), out error);

    /// <summary>A channel that the client may read or write; null with the error when there is none.</summary>
    public static Channel? FindVisible(Exchange exchange, string name, out ErrorCode error) => Find(exchange, name, exchange.Visit.MaySee(name), out error);

    /// <summary>A channel that the client may change; null with the error when there is none.</summary>
    public static Channel? FindWritable(Exchange exchange, string name, out ErrorCode error, out string? message)
    {
        Channel? channel = Find(exchange, name, exchange.Visit.MayWrite(name), out error);
        message = TopicRefusal.Of(error);
        if (channel is null || IsWritable(channel))
        {
            return channel;
        }

        (error, message) = (ErrorCode.TopicAuthorizationFailed, TopicRefusal.BelongsTo(channel));
        return null;
    }

    /// <summary>Finds a channel that the client may see, creating it when it may write to it and that is allowed.</summary>
    public static async ValueTask<(Channel? Channel, ErrorCode Error)> FindOrCreateAsync(Exchange exchange, string name, bool create)
    {
        SpewNode node = exchange.Node;
        if (!exchange.Visit.MaySee(name))
        {
            return (null, ErrorCode.TopicAuthorizationFailed);
        }

        if (node.Log.Find(name) is { } found)
        {
            return (found, ErrorCode.None);
        }

        if (ChannelName.Fault(name) is not null)
        {
            return (null, ErrorCode.InvalidTopic);
        }

        if (!create || !node.Options.AutoCreateChannels || !exchange.Visit.Principal.MayWrite(name))
        {
            return (null, ErrorCode.UnknownTopicOrPartition);
        }

        try
        {
            Channel created = await node.Log.CreateChannelAsync(name, node.Options.DefaultPartitions);
            SpewEvents.ChannelCreated(node.Logger, name, created.Partitions.Count);
            return (created, ErrorCode.None);
        }
        catch (ChannelException fault) when (fault.Fault == ChannelFault.Exists)
        {
            return await AwaitAsync(node, name) is { } other ? (other, ErrorCode.None) : (null, ErrorCode.LeaderNotAvailable);
        }
        catch (ChannelException fault)
        {
            // The code that ends every client at once; it does not ask again for ever.
            SpewEvents.ChannelRefused(node.Logger, name, fault.Message);
            return (null, ErrorCode.TopicAuthorizationFailed);
        }
        catch (LogUnavailableException)
        {
            return (null, ErrorCode.LeaderNotAvailable);
        }
    }

    private static Channel? Find(Exchange exchange, string name, bool isAllowed, out ErrorCode error)
    {
        Channel? channel = isAllowed ? exchange.Node.Log.Find(name) : null;
        error = !isAllowed ? ErrorCode.TopicAuthorizationFailed : channel is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None;
        return channel;
    }

    /// <summary>Another client was quicker: its channel is there in a moment. When it is already deleted again, the client asks once more.</summary>
    private static async ValueTask<Channel?> AwaitAsync(SpewNode node, string name)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            if (node.Log.Find(name) is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }

        return null;
    }
}
