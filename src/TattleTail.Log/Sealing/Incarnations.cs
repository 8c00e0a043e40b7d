using TattleTail.Archive;
using TattleTail.Log.State;

namespace TattleTail.Log.Sealing;

/// <summary>
/// Keeps two lives of a name from sharing a number. A node that lost its journal and starts while the archive is away cannot know which lives the archive holds; so before the first
/// events of an incarnation are sealed it is looked up, and the incarnations that the archive does not know move behind those that it has.
/// </summary>
internal sealed class Incarnations(LogCore log)
{
    /// <summary>Settles the numbers of the channels that are to be sealed.</summary>
    public async ValueTask SettleAsync(EventArchive archive, IReadOnlyList<Channel> due)
    {
        foreach (var channel in due)
        {
            if (channel.Partitions.All(p => p.SealedThrough == 0) && archive.Streams(channel.Name) is { Count: > 0 } archived)
            {
                await SettleAsync(channel.Name, archived);
            }
        }
    }

    private async ValueTask SettleAsync(string name, IReadOnlyList<ArchiveStream> archived)
    {
        Channel[] lives;
        lock (log.Gate)
        {
            lives = [.. log.Channels.All.Where(c => c.Name == name)];
        }

        var own = lives.Select(c => c.TopicId).ToHashSet();
        var foreign = archived.Where(s => !own.Contains(s.TopicId)).Select(s => s.Incarnation).DefaultIfEmpty(0).Max();
        if (foreign < lives[0].Incarnation)
        {
            return;
        }

        // All lives of the name move, so that their order stays; none has files yet, because the first of them comes here before it is sealed. The last moves first: when the journal
        // fails in between, the first still shows that the work is to be done.
        for (var i = lives.Length - 1; i >= 0; i--)
        {
            await MoveAsync(lives[i], foreign + 1 + i);
        }
    }

    private async ValueTask MoveAsync(Channel channel, int incarnation)
    {
        await log.AppendAsync(new IncarnationSettled(channel.Stream, incarnation));
        lock (log.Gate)
        {
            channel.Settle(incarnation);
        }
    }
}
