using System.Buffers.Binary;
using System.Globalization;
using TattleTail.Journal;
using TattleTail.Platform;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Run;

/// <summary>A client of the journal alone: it appends, reads, rolls and trims, as the log does.</summary>
internal sealed class JournalWork(
    WriteAheadJournal journal, EntryBook book, Findings findings, Dictionary<StreamPartition, List<(long Offset, long Number)>> offsets, Random random)
{
    public async Task RunAsync(int deeds, TimeProvider clock)
    {
        var open = new List<Task>();
        for (; deeds > 0 && journal.Fault is null; deeds--)
        {
            switch (random.Next(20))
            {
                case < 10:
                    open.Add(AppendBatchAsync());
                    break;
                case < 13:
                    open.Add(AppendStateAsync(snapshot: false));
                    break;
                case < 14:
                    open.Add(AppendStateAsync(snapshot: true));
                    break;
                case < 16:
                    await ReadAsync();
                    break;
                case < 17:
                    await TryAsync(() => journal.RollAsync());
                    break;
                case < 18:
                    await TrimAsync();
                    break;
                case < 19:
                    await Task.WhenAll(open);
                    break;
                default:
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 100)), clock);
                    break;
            }
        }

        await Task.WhenAll(open);
    }

    public static long NumberOf(ReadOnlySpan<byte> batch) =>
        long.Parse(SentEvent.IdOf(WireBatch.Read(batch)[0])!, CultureInfo.InvariantCulture);

    public static List<(long Offset, long Number)> List(Dictionary<StreamPartition, List<(long Offset, long Number)>> offsets, StreamPartition partition)
    {
        if (!offsets.TryGetValue(partition, out var list))
        {
            offsets[partition] = list = [];
        }

        return list;
    }

    private async Task AppendBatchAsync()
    {
        var partition = new StreamPartition(1 + random.Next(3), random.Next(2));
        var list = List(offsets, partition);
        var entry = book.Append(snapshot: false);
        var body = new byte[random.Next(12) == 0 ? random.Next(20_000) : random.Next(700)];
        random.NextBytes(body);
        var id = System.Text.Encoding.ASCII.GetBytes(entry.Number.ToString(CultureInfo.InvariantCulture));
        var batch = WireBatch.Write([new WireRecord(-1, entry.Number, null, [(SentEvent.IdHeader, id)], body)]);
        var offset = list.Count == 0 ? 0 : list[^1].Offset + 1;
        BinaryPrimitives.WriteInt64BigEndian(batch, offset);
        list.Add((offset, entry.Number));
        await AcknowledgeAsync(entry, journal.AppendAsync(new Frozen(partition, new BatchPayload(entry.Number, default, batch))));
    }

    private async Task AppendStateAsync(bool snapshot)
    {
        var entry = book.Append(snapshot);
        var payload = new byte[8 + random.Next(400)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, entry.Number);
        await AcknowledgeAsync(entry, snapshot ? journal.AppendSnapshotAsync(payload) : journal.AppendStateAsync(payload));
    }

    private static async Task AcknowledgeAsync(KnownEntry entry, Task<long> append)
    {
        try
        {
            await append;
            entry.Acknowledged = true;
        }
        catch (JournalFaultedException)
        {
            // Unknown: it may be there after the next recovery, or not.
        }
    }

    private async Task ReadAsync()
    {
        var partition = new StreamPartition(1 + random.Next(3), random.Next(2));
        var list = List(offsets, partition);
        if (journal.FirstOffset(partition) is not { } first || list.Count == 0 || first > list[^1].Offset)
        {
            return;
        }

        var from = random.NextInt64(first, list[^1].Offset + 1);
        try
        {
            using var read = await journal.ReadAsync(partition, from, random.Next(5_000));
            foreach (var batch in read.Batches)
            {
                var offset = BinaryPrimitives.ReadInt64BigEndian(batch.Batch.Span);
                var number = NumberOf(batch.Batch.Span);
                findings.Require(offset == from, "I3", $"a read of {partition} at {from} gives {offset}");
                findings.Require(list.Contains((offset, number)), "I6", $"a read of {partition} at {offset} gives entry {number}, which does not lie there");
                book.Serve(number);
                from++;
            }
        }
        catch (FileSystemException)
        {
            // An injected fault of the disk; the next read may work.
        }
    }

    private async Task TrimAsync()
    {
        if (journal.LastSnapshot is not { } snapshot || journal.Segments.LastOrDefault(segment => segment.Start <= snapshot) is not { } keep)
        {
            return;
        }

        if (await FirstEntryAsync(keep.Start) is not { } first)
        {
            return;
        }

        foreach (var entry in book.All)
        {
            entry.Trimmed |= entry.Number < first;
        }

        await TryAsync(() => journal.TrimAsync(keep.Number));
    }

    private async Task<long?> FirstEntryAsync(long position)
    {
        try
        {
            await foreach (var entry in journal.ReadEntriesAsync(position))
            {
                if (entry.Kind != EntryKind.Mark)
                {
                    return entry.Kind is EntryKind.Batch or EntryKind.Relocated ? NumberOf(entry.Batch.Batch.Span) : BinaryPrimitives.ReadInt64LittleEndian(entry.Payload.Span);
                }
            }
        }
        catch (FileSystemException)
        {
            // An injected fault of the disk: nothing is trimmed this time.
        }

        return null;
    }

    private static async Task TryAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (Exception error) when (error is FileSystemException or JournalFaultedException)
        {
            // An injected fault; the next life tells what is left.
        }
    }

    private sealed class Frozen(StreamPartition partition, BatchPayload payload) : BatchEntry(partition)
    {
        public override BatchPayload Freeze() => payload;
    }
}
