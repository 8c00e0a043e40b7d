using TattleTail.Journal;
using TattleTail.Log.State;

namespace TattleTail.Log.Recovery;

/// <summary>Opens a journal and reads the state back from it: at the start of a process, and again after each fault.</summary>
internal static class LogOpening
{
    public static JournalOptions JournalOptions(LogOptions options, LogPorts ports) => new()
    {
        Folder = options.JournalFolder,
        Files = ports.Files,
        Clock = ports.Clock,
        Writer = ports.Writer,
        Sync = ports.Sync,
        SegmentBytes = options.SegmentBytes,
    };

    /// <summary>Opens the journal and replays it. What damage took is to be recorded by <see cref="DamageRecord"/> afterwards.</summary>
    public static async ValueTask<OpenedJournal> OpenAsync(LogOptions options, LogPorts ports, SharedRandom random, long? abandonAbove)
    {
        var journal = await WriteAheadJournal.OpenAsync(JournalOptions(options, ports), abandonAbove);
        try
        {
            if (ports.Observer is { } observer)
            {
                journal.Synced = observer.Synced;
            }

            var replay = await Replay.RunAsync(journal, random);
            if (replay.State.ClusterId == Guid.Empty)
            {
                var created = new NodeCreated(random.NextGuid());
                replay.State.Apply(created);
                await journal.AppendStateAsync(StateChangeCodec.Encode(created));
            }

            return new OpenedJournal(journal, replay);
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }
}

/// <summary>An open journal and what it held.</summary>
internal sealed record OpenedJournal(WriteAheadJournal Journal, ReplayResult Replay);
