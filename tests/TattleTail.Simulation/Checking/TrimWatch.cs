using TattleTail.Simulation.Disk;

namespace TattleTail.Simulation.Checking;

/// <summary>
/// Looks into each journal file before its name goes (I9): every event in it that a client knows to be durable must lie in a committed, sound archive file that was
/// read back, or in another file of the journal. It finds batches by their checksum, and knows nothing of the journal's layout.
/// </summary>
internal sealed class TrimWatch(SimulatedFiles files, string folder, ArchiveShelf shelf, Ledger ledger, Findings findings)
{
    public void Leaving(string path, ReadOnlyMemory<byte> bytes)
    {
        if (!path.StartsWith(folder + "/", StringComparison.Ordinal))
        {
            return;
        }

        var durable = Events(bytes.Span).Where(id => ledger.Find(id) is { } sent && (sent.Acknowledged ?? sent.Seen) is not null).ToHashSet(StringComparer.Ordinal);
        if (durable.Count == 0)
        {
            return;
        }

        foreach (var other in files.PeekNames(folder))
        {
            if (other != path)
            {
                durable.ExceptWith(Events(files.Peek(other)!.Value.Span));
            }
        }

        if (durable.Count > 0)
        {
            durable.ExceptWith(shelf.Events(readBackOnly: true));
        }

        if (durable.Count > 0)
        {
            findings.Add("I9", $"{path} goes with {durable.Count} events, such as {durable.Order(StringComparer.Ordinal).First()}, that no verified archive file holds");
        }
    }

    private static List<string> Events(ReadOnlySpan<byte> bytes)
    {
        var found = new List<string>();
        for (var at = 0; at + WireBatch.HeaderBytes <= bytes.Length; at++)
        {
            if (bytes[at + 16] != 2 || !WireBatch.IsBatch(bytes[at..], out var size))
            {
                continue;
            }

            found.AddRange(WireBatch.Read(bytes.Slice(at, size)).Select(SentEvent.IdOf).OfType<string>());
            at += size - 1;
        }

        return found;
    }
}
