using TattleTail.Journal;
using TattleTail.Log.State;

namespace TattleTail.Log.Recovery;

/// <summary>
/// Stands in for channels whose creation was lost to damage of the journal: what is left of them is served and archived under a name that says so. They get as many partitions as
/// later entries name.
/// </summary>
internal sealed class LostChannels(SharedRandom random, bool isDamaged)
{
    /// <summary>What their names begin with; the stream's number follows.</summary>
    public const string Prefix = "_tattletail.lost.";

    /// <summary>A channel or a partition was made.</summary>
    public bool AnyMade { get; private set; }

    /// <summary>Makes what a change of the state presumes.</summary>
    /// <exception cref="JournalFormatException">It presumes what was never created, and the journal is not damaged.</exception>
    public void MakeFor(NodeState state, StateChange change)
    {
        switch (change)
        {
            case ChannelCreated created:
                MakeUpTo(state, created.Stream - 1);
                break;
            case ChannelClosed closed:
                MakeUpTo(state, closed.Stream);
                break;
            case Sealed @sealed:
                foreach (var part in @sealed.Parts)
                {
                    MakeFor(state, new StreamPartition(part.Stream, part.Partition));
                }

                break;
            case LogStartMoved moved:
                MakeFor(state, new StreamPartition(moved.Stream, moved.Partition));
                break;
            case OffsetsSkipped skipped:
                MakeFor(state, new StreamPartition(skipped.Stream, skipped.Partition));
                break;
            case GapsFound found:
                MakeFor(state, new StreamPartition(found.Stream, found.Partition));
                break;
            case PartitionsAdded added:
                MakeUpTo(state, added.Stream);
                break;
            case ChannelConfigured configured:
                MakeUpTo(state, configured.Stream);
                break;
            case IncarnationSettled settled:
                MakeUpTo(state, settled.Stream);
                break;
            default:
                break;
        }
    }

    /// <summary>Makes the channel of an entry, or its partition when the channel is one of these.</summary>
    /// <exception cref="JournalFormatException">The channel was never created, and the journal is not damaged.</exception>
    public void MakeFor(NodeState state, StreamPartition key)
    {
        MakeUpTo(state, key.Stream);
        if (key.Stream >= 1 && state.Channels[key.Stream - 1] is { Source: LogCore.OwnSource } channel && channel.Name.StartsWith(Prefix, StringComparison.Ordinal)
            && key.Partition >= channel.Partitions.Count && key.Partition < StateLimits.MaxPartitions)
        {
            state.AddPartitions(channel, key.Partition + 1);
            AnyMade = true;
        }
    }

    private void MakeUpTo(NodeState state, int stream)
    {
        if (stream < state.NextStream)
        {
            return;
        }

        if (!isDamaged || stream > StateLimits.MaxIncarnations)
        {
            throw new JournalFormatException($"the journal names stream {stream}, which it never created{(isDamaged ? "" : ", and reports no damage")}");
        }

        while (state.NextStream <= stream)
        {
            var name = $"{Prefix}{state.NextStream}";
            state.Apply(new ChannelCreated(state.NextStream, name, 1, random.NextGuid(), LogCore.OwnSource, name, 1, new ChannelConfig()));
            AnyMade = true;
        }
    }
}
