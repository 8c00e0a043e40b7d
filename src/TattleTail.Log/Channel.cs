using TattleTail.Log.State;

namespace TattleTail.Log;

/// <summary>One incarnation of a channel. Its figures change while it is looked at.</summary>
public sealed class Channel
{
    private readonly LogCore _log;
    private volatile LogPartition[] _partitions = [];
    private volatile bool _closed;
    private volatile ChannelConfig _config;
    private volatile int _incarnation;

    internal Channel(LogCore log, ChannelState state)
    {
        Stream = state.Stream;
        Name = state.Name;
        _incarnation = state.Incarnation;
        TopicId = state.TopicId;
        Source = state.Source;
        Address = state.Address;
        _config = state.Config;
        _closed = state.IsClosed;
        _log = log;
        Grow(state);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Which life of the name, from 1. Of a life that began while the archive was away it may rise once: when its first events are sealed and the archive turns out to hold earlier ones.</summary>
    public int Incarnation => _incarnation;

    /// <summary>The Kafka topic id.</summary>
    public Guid TopicId { get; }

    /// <summary>The source that owns it; <c>spew</c> for the embedded broker.</summary>
    public string Source { get; }

    /// <summary>The broker's own name for it.</summary>
    public string Address { get; }

    /// <summary>Deleted: no longer served.</summary>
    public bool IsClosed => _closed;

    /// <summary>Its configuration.</summary>
    public ChannelConfig Config => _config;

    /// <summary>The partitions, by number. More may come; a list that was taken does not change.</summary>
    public IReadOnlyList<LogPartition> Partitions => _partitions;

    internal int Stream { get; }

    /// <summary>Kept by the log itself: nobody else appends to it or closes it.</summary>
    internal bool IsOwn => Source == LogCore.OwnSource;

    /// <summary>Stops serving, under the log's lock. The caller wakes the waiters afterwards.</summary>
    internal void Close() => _closed = true;

    /// <summary>Takes the number that its life got, under the log's lock.</summary>
    internal void Settle(int incarnation) => _incarnation = incarnation;

    /// <summary>Takes other settings, under the log's lock, when they are durable.</summary>
    internal void Configure(ChannelConfig config) => _config = config;

    /// <summary>Shows the partitions that the state has, under the log's lock, when they are durable.</summary>
    internal void Grow(ChannelState state)
    {
        var known = _partitions;
        _partitions = [.. known, .. state.Partitions.Skip(known.Length).Select(partition => new LogPartition(_log, this, partition))];
    }

    /// <summary>Goes on with the state that was read back from a reopened journal, under the log's lock.</summary>
    internal void Rebind(ChannelState state)
    {
        _config = state.Config;
        _closed = state.IsClosed;
        _incarnation = state.Incarnation;
        Grow(state);
        foreach (var partition in _partitions)
        {
            partition.Rebind(state.Partitions[partition.Index]);
        }
    }
}
