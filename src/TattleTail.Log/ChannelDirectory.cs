using TattleTail.Log.State;

namespace TattleTail.Log;

/// <summary>The channels that callers see: those whose creation is durable. Under the log's lock but for <see cref="All"/>.</summary>
internal sealed class ChannelDirectory
{
    private readonly List<Channel> _byStream = [];
    private readonly Dictionary<string, Channel> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Channel> _byTopicId = [];
    private Channel[]? _all;

    /// <summary>All incarnations in the order of their creation; the array is never changed.</summary>
    public IReadOnlyList<Channel> All => _all ??= [.. _byStream];

    public Channel? Find(string name) => _open.GetValueOrDefault(name);

    public Channel? Find(Guid topicId) => _byTopicId.GetValueOrDefault(topicId);

    /// <summary>Publishes a channel, or gives the one that is published already.</summary>
    public Channel Publish(LogCore log, ChannelState state)
    {
        if (_byTopicId.TryGetValue(state.TopicId, out var channel))
        {
            return channel;
        }

        channel = new Channel(log, state);
        _byStream.Add(channel);
        _byTopicId.Add(channel.TopicId, channel);
        if (!channel.IsClosed)
        {
            _open[channel.Name] = channel;
        }

        _all = null;
        return channel;
    }

    public void Close(Channel channel)
    {
        channel.Close();
        if (_open.TryGetValue(channel.Name, out var open) && ReferenceEquals(open, channel))
        {
            _open.Remove(channel.Name);
        }
    }

    /// <summary>Goes on with a state that was read back: the same objects for the channels that are known.</summary>
    public void Rebind(LogCore log, NodeState state)
    {
        foreach (var channelState in state.Channels)
        {
            var channel = Publish(log, channelState);
            channel.Rebind(channelState);
            if (channel.IsClosed)
            {
                Close(channel);
            }
        }
    }
}
