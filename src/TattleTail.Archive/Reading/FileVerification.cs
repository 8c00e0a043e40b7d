using System.Security.Cryptography;
using TattleTail.Archive.Delta;
using TattleTail.Archive.Parquet;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Storage;

namespace TattleTail.Archive.Reading;

/// <summary>Reads a file back whole and compares it with what the table says of it.</summary>
internal static class FileVerification
{
    private const int ChunkBytes = 1024 * 1024;
    private const int RowsAtOnce = 2048;

    public static async ValueTask<IReadOnlyList<string>> RunAsync(IObjectStore store, AddAction add, CancellationToken cancel)
    {
        var file = add.File;
        if (await store.GetSizeAsync(file.Path, cancel) is not { } size)
        {
            return [$"{file.Path} is missing"];
        }

        if (size != file.Size)
        {
            return [$"{file.Path} has {size} bytes, the table says {file.Size}"];
        }

        var faults = new List<string>();
        if (await HashAsync(store, file, cancel) != file.Sha256)
        {
            faults.Add($"{file.Path} does not match its SHA-256");
        }

        try
        {
            await CompareRowsAsync(store, add, faults, cancel);
        }
        catch (ArchiveFormatException e)
        {
            faults.Add(e.Message);
        }

        return faults;
    }

    /// <summary>The SHA-256 of what the store holds, lower-case hex.</summary>
    public static async ValueTask<string> HashAsync(IObjectStore store, ArchiveFile file, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(ChunkBytes, Math.Max(1, file.Size))];
        long position = 0;
        while (position < file.Size)
        {
            var read = await store.GetRangeAsync(file.Path, position, buffer, cancel);
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            position += read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async ValueTask CompareRowsAsync(IObjectStore store, AddAction add, List<string> faults, CancellationToken cancel)
    {
        var footer = await FileFooter.LoadAsync(store, add.File, cancel);
        var found = new FileStatistics();
        var rows = new DecodedRows();
        for (var group = 0; group < footer.RowGroups.Count; group++)
        {
            faults.AddRange(footer.ConstantFaults(add.File, group));
            var place = footer.RowGroups[group];
            var bytes = await FileFooter.ReadAsync(store, add.File, place.Start, place.Length, cancel);
            try
            {
                using var cursor = RowGroupCursor.Open(add.File, footer, group, bytes);
                while (cursor.Row < place.Rows)
                {
                    cursor.Read(rows, Math.Min(RowsAtOnce, place.Rows - cursor.Row));
                    AddRows(found, rows);
                }
            }
            catch (ArgumentException e)
            {
                faults.Add($"{add.File.Path}: rows are out of order: {e.Message}");
                return;
            }
        }

        if (found.Events != add.File.Events || !found.Partitions.SequenceEqual(add.File.Partitions))
        {
            faults.Add($"{add.File.Path} holds {found.Events} events in {found.Partitions.Count} partitions, not what the table says ({add.File.Events} in {add.File.Partitions.Count})");
        }
        else if (DeltaStatistics.ToJson(found) != add.Statistics)
        {
            faults.Add($"{add.File.Path}: the table's statistics are not those of its rows");
        }
    }

    private static void AddRows(FileStatistics found, DecodedRows rows)
    {
        Span<byte> scratch = stackalloc byte[EventIdentityView.ScratchBytes];
        for (var row = 0; row < rows.Count; row++)
        {
            var record = new RecordView
            {
                BodyIsNull = rows.Body.IsNull(row),
                Body = rows.Body[row],
                HeaderCount = rows.HeaderCount[row],
                HeaderBytes = rows.Headers[row],
            };
            var type = EventIdentityView.Of(record, scratch).EventType;
            found.Add(rows.Partition[row], rows.Offset[row], rows.Timestamp[row], ArchiveTime.EventMicros(rows.Timestamp[row]), rows.RecordedAt[row], type);
        }
    }
}
