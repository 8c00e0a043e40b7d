namespace TattleTail.Log.State;

/// <summary>What the node knows of one incarnation of a channel.</summary>
internal sealed class ChannelState
{
    public ChannelState(ChannelCreated created)
    {
        Stream = created.Stream;
        Name = created.Name;
        Incarnation = created.Incarnation;
        TopicId = created.TopicId;
        Source = created.Source;
        Address = created.Address;
        Config = created.Config;
        Partitions = new PartitionState[created.Partitions];
        for (var i = 0; i < Partitions.Length; i++)
        {
            Partitions[i] = new PartitionState(this, i);
        }
    }

    /// <summary>The number that this node gave the incarnation, from 1; the journal knows it by that.</summary>
    public int Stream { get; }

    public string Name { get; }

    public int Incarnation { get; }

    public Guid TopicId { get; }

    public string Source { get; }

    public string Address { get; }

    public ChannelConfig Config { get; set; }

    public bool IsClosed { get; set; }

    public PartitionState[] Partitions { get; }
}
