using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Publishing;

/// <summary>Offsets of a partition that a request got. Others' events may lie between.</summary>
internal readonly record struct OffsetRange(int Partition, long FirstOffset, long LastOffset);

/// <summary>
/// Appends one request's events to their partitions, in groups that fit a batch, and remembers where they went. When <see cref="FlushAsync"/> returns, all that was added is durable.
/// For one request; not for concurrent use.
/// </summary>
internal sealed class EventAppender(ApiContext api, TargetChannel target)
{
    /// <summary>Most events whose places are told one by one.</summary>
    public const int MaxPlaces = 10_000;

    private const int GroupEvents = 1000;
    private const int GroupBytes = 512 * 1024;

    private readonly uint _turn = api.NextTurn();
    private readonly SortedDictionary<int, OffsetRange> _ranges = [];
    private readonly List<Event> _group = [];
    private List<(int Partition, long Offset)>? _places = [];
    private int _groupPartition = -1;
    private long _groupBytes;

    /// <summary>Where the events go.</summary>
    public TargetChannel Target => target;

    /// <summary>Events that are durable.</summary>
    public long Count { get; private set; }

    /// <summary>First and last offset by partition.</summary>
    public IEnumerable<OffsetRange> Ranges => _ranges.Values;

    /// <summary>Where each event went, in the order in which they were added; null when there are more than <see cref="MaxPlaces"/>.</summary>
    public IReadOnlyList<(int Partition, long Offset)>? Places => _places;

    /// <summary>Adds an event; appends the group before it when it is full or of another partition.</summary>
    public async ValueTask AddAsync(Event @event)
    {
        var count = (await target.OpenAsync()).Partitions.Count;
        var partition = target.Partition ?? (@event.Key is { } key ? Partitioner.ForKey(key.Span, count) : (int)(_turn % (uint)count));
        var bytes = Size(@event);
        if (_group.Count > 0 && (partition != _groupPartition || _group.Count >= GroupEvents || _groupBytes + bytes > GroupBytes))
        {
            await FlushAsync();
        }

        _groupPartition = partition;
        _groupBytes += bytes;
        _group.Add(@event);
        if (_groupBytes > GroupBytes)
        {
            // Alone: if it is refused, it is clear which it was.
            await FlushAsync();
        }
    }

    /// <summary>Appends what was added and waits until it is durable.</summary>
    public async ValueTask FlushAsync()
    {
        if (_group.Count == 0)
        {
            return;
        }

        Event[] group = [.. _group];
        _group.Clear();
        _groupBytes = 0;
        var channel = await target.OpenAsync();
        var result = await api.Log.AppendEventsAsync(channel.Partitions[_groupPartition], group);
        if (result.Status != AppendStatus.Appended)
        {
            throw Refused(channel, result.Status);
        }

        Note(result.BaseOffset, group.Length);
    }

    private static long Size(Event @event)
    {
        var bytes = (@event.Key?.Length ?? 0L) + (@event.Body?.Length ?? 0L) + 32;
        foreach (var header in @event.Headers)
        {
            bytes += header.Key.Length + (header.Value?.Length ?? 0L) + 4;
        }

        return bytes;
    }

    private void Note(long offset, int events)
    {
        Count += events;
        var last = offset + events - 1;
        _ranges[_groupPartition] = _ranges.TryGetValue(_groupPartition, out var range) ? range with { LastOffset = last } : new OffsetRange(_groupPartition, offset, last);
        if (_places is not null && _places.Count + events > MaxPlaces)
        {
            _places = null;
        }

        for (var i = 0; i < events; i++)
        {
            _places?.Add((_groupPartition, offset + i));
        }
    }

    private static ProblemException Refused(Channel channel, AppendStatus status) => status switch
    {
        AppendStatus.TooLarge => new(413, "The event is too large", $"the channel takes batches up to {channel.Config.MaxMessageBytes} bytes (max.message.bytes)", "send a smaller event, or raise the channel's max.message.bytes"),
        AppendStatus.InvalidTimestamp => new(400, "The event's time is too far ahead", "its time is more than an hour ahead of the node's clock", "correct the clock of the sender or the event's time"),
        AppendStatus.Closed => ProblemException.NoChannel(channel.Name, "it was deleted meanwhile: publish again to create it anew"),
        _ => throw new InvalidOperationException($"The log answered an append of events with {status}."),
    };
}
