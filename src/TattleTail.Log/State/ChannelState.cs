namespace TattleTail.Log.State;

/// <summary>What the node knows of one incarnation of a channel.</summary>
internal sealed class ChannelState
{
    private readonly List<PartitionState> _partitions;

    public ChannelState(ChannelCreated created)
    {
        Stream = created.Stream;
        Name = created.Name;
        Incarnation = created.Incarnation;
        TopicId = created.TopicId;
        Source = created.Source;
        Address = created.Address;
        Config = created.Config;
        _partitions = new List<PartitionState>(created.Partitions);
        AddPartitions(created.Partitions);
    }

    /// <summary>The number that this node gave the incarnation, from 1; the journal knows it by that.</summary>
    public int Stream { get; }

    public string Name { get; }

    public int Incarnation { get; set; }

    public Guid TopicId { get; }

    public string Source { get; }

    public string Address { get; }

    public ChannelConfig Config { get; set; }

    public bool IsClosed { get; set; }

    public IReadOnlyList<PartitionState> Partitions => _partitions;

    /// <summary>Adds partitions until there are so many.</summary>
    public void AddPartitions(int count)
    {
        while (_partitions.Count < count)
        {
            _partitions.Add(new PartitionState(this, _partitions.Count));
        }
    }
}
