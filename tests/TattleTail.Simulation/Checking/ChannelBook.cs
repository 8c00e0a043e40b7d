using TattleTail.Log;

namespace TattleTail.Simulation.Checking;

/// <summary>An incarnation as its clients know it.</summary>
internal sealed class KnownChannel(string name, int incarnation, Guid topic, int partitions)
{
    private readonly long[] _highWatermarks = new long[partitions];

    public string Name => name;

    public int Incarnation => incarnation;

    public Guid Topic => topic;

    public int Partitions => partitions;

    /// <summary>Somebody asked to close it; whether it happened may be unknown.</summary>
    public bool CloseTried { get; set; }

    /// <summary>The log said that it is closed.</summary>
    public bool Closed { get; set; }

    /// <summary>The highest high watermark that a reader was told: it never falls, whatever crashes.</summary>
    public long HighWatermark(int partition) => _highWatermarks[partition];

    /// <summary>A reader was told a high watermark, having asked when another was known.</summary>
    public void ReachHighWatermark(int partition, long known, long now, Findings findings)
    {
        findings.Require(now >= known, "I1", $"the high watermark of {name}/{partition} fell from {known} to {now}");
        _highWatermarks[partition] = Math.Max(_highWatermarks[partition], now);
    }
}

/// <summary>Which channels there must be, may be and must not be.</summary>
internal sealed class ChannelBook(Findings findings)
{
    private readonly List<KnownChannel> _channels = [];
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);

    public IReadOnlyList<KnownChannel> All => _channels;

    public IEnumerable<KnownChannel> Open => _channels.Where(channel => !channel.CloseTried);

    public KnownChannel? Find(Guid topic) => _channels.Find(channel => channel.Topic == topic);

    /// <summary>A creation was asked for; it may have happened even when it failed.</summary>
    public void TryCreate(string name) => _tried.Add(name);

    /// <summary>The log says that there is such a channel.</summary>
    public void Meet(Channel channel)
    {
        if (Find(channel.TopicId) is { } known)
        {
            findings.Require(
                known.Name == channel.Name && known.Incarnation == channel.Incarnation && known.Partitions == channel.Partitions.Count,
                "I1",
                $"channel {known.Name} incarnation {known.Incarnation} became {channel.Name} {channel.Incarnation}");
            findings.Require(!known.Closed || channel.IsClosed, "I1", $"channel {known.Name} incarnation {known.Incarnation} was closed and is open again");
            findings.Require(known.CloseTried || !channel.IsClosed, "I6", $"channel {known.Name} incarnation {known.Incarnation} is closed and nobody asked for it");
            known.Closed |= channel.IsClosed;
            return;
        }

        findings.Require(_tried.Contains(channel.Name), "I6", $"channel {channel.Name} was never created");
        findings.Require(
            !_channels.Exists(other => other.Name == channel.Name && other.Incarnation >= channel.Incarnation),
            "I2",
            $"incarnation {channel.Incarnation} of {channel.Name} is not a new one");
        _channels.Add(new KnownChannel(channel.Name, channel.Incarnation, channel.TopicId, channel.Partitions.Count) { Closed = channel.IsClosed, CloseTried = channel.IsClosed });
    }

    /// <summary>After a start: all that is known is there.</summary>
    public void Compare(IReadOnlyCollection<Channel> channels)
    {
        foreach (var channel in channels.OrderBy(channel => channel.Name, StringComparer.Ordinal).ThenBy(channel => channel.Incarnation))
        {
            Meet(channel);
        }

        foreach (var known in _channels)
        {
            findings.Require(
                channels.Any(channel => channel.TopicId == known.Topic), "I1", $"channel {known.Name} incarnation {known.Incarnation} is gone");
        }
    }
}
