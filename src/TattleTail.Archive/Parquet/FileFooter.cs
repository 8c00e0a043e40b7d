using System.Buffers.Binary;
using ParquetSharp;
using TattleTail.Storage;

namespace TattleTail.Archive.Parquet;

/// <summary>The metadata at a file's end, and where each row group lies. Parquet format, "File format": row groups follow the magic one behind the other, the footer is the last thing but its length and the magic.</summary>
internal sealed class FileFooter
{
    private const int FirstRead = 64 * 1024;
    private const int MaxFooterBytes = 64 * 1024 * 1024;

    private FileFooter(long start, byte[] bytes)
    {
        Start = start;
        Bytes = bytes;
    }

    public long Start { get; }

    public byte[] Bytes { get; }

    public List<RowGroupPlace> RowGroups { get; } = [];

    public static async ValueTask<FileFooter> LoadAsync(IObjectStore store, ArchiveFile file, CancellationToken cancel)
    {
        var tail = await ReadAsync(store, file, Math.Max(0, file.Size - FirstRead), (int)Math.Min(FirstRead, file.Size), cancel);
        if (tail.Length < 12 || !tail.AsSpan(tail.Length - 4).SequenceEqual("PAR1"u8))
        {
            throw new ArchiveFormatException($"{file.Path} does not end as a Parquet file does");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(tail.Length - 8));
        if (length is < 0 or > MaxFooterBytes || length + 12 > file.Size)
        {
            throw new ArchiveFormatException($"{file.Path}: its footer says it has {length} bytes");
        }

        var start = file.Size - length - 8;
        var bytes = length + 8 <= tail.Length ? tail[^(length + 8)..] : await ReadAsync(store, file, start, length + 8, cancel);
        var footer = new FileFooter(start, bytes);
        footer.Parse(file);
        return footer;
    }

    /// <summary>Bytes of a range, all of them.</summary>
    public static async ValueTask<byte[]> ReadAsync(IObjectStore store, ArchiveFile file, long position, int length, CancellationToken cancel)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        await ReadAsync(store, file, position, bytes, cancel);
        return bytes;
    }

    /// <summary>Fills memory with a range.</summary>
    public static async ValueTask ReadAsync(IObjectStore store, ArchiveFile file, long position, Memory<byte> into, CancellationToken cancel)
    {
        int read;
        try
        {
            read = await store.GetRangeAsync(file.Path, position, into, cancel);
        }
        catch (StoreException e) when (e.Error == StoreError.NotFound)
        {
            throw new ArchiveFormatException($"{file.Path} is in the table and not in the store", e);
        }

        if (read != into.Length)
        {
            throw new ArchiveFormatException($"{file.Path} has fewer bytes than the table says ({file.Size})");
        }
    }

    /// <summary>What the statistics of a row group tell otherwise than the table does of the columns that have one value in the whole file.</summary>
    public List<string> ConstantFaults(ArchiveFile file, int index) => Read(file, reader =>
    {
        using var group = reader.RowGroup(index);
        var faults = new List<string>();
        (int Column, string Name, string Value)[] texts =
        [
            (0, "channel", file.Stream.Channel), (1, "recorded_month", file.RecordedMonth), (3, "source", file.Stream.Source), (4, "address", file.Stream.Address),
        ];
        foreach (var (column, name, value) in texts)
        {
            var (first, last) = TextBounds(group, column);
            if (first != value || last != value)
            {
                faults.Add($"{file.Path}: {name} is '{first}' to '{last}', the table says '{value}'");
            }
        }

        var incarnations = Bounds<int>(group, ArchiveColumns.Incarnation);
        if (incarnations != (file.Stream.Incarnation, file.Stream.Incarnation))
        {
            faults.Add($"{file.Path}: incarnation is {incarnations.First} to {incarnations.Last}, the table says {file.Stream.Incarnation}");
        }

        return faults;
    });

    /// <summary>Reads what the footer alone tells.</summary>
    private T Read<T>(ArchiveFile file, Func<ParquetFileReader, T> action) => OpenedFile.Guard(file, () =>
    {
        using var opened = new OpenedFile(file, this);
        return action(opened.Reader);
    });

    private void Parse(ArchiveFile file) => Read(file, reader =>
    {
        if (reader.FileMetaData.NumRows != file.Events || reader.FileMetaData.NumColumns != ArchiveColumns.Count)
        {
            throw new InvalidDataException($"it has {reader.FileMetaData.NumRows} rows in {reader.FileMetaData.NumColumns} columns, the table says {file.Events} rows");
        }

        long start = 4;
        long rows = 0;
        for (var i = 0; i < reader.FileMetaData.NumRowGroups; i++)
        {
            using var group = reader.RowGroup(i);
            var (size, raw) = (0L, 0L);
            rows += group.MetaData.NumRows is > 0 and var count ? count : throw new InvalidDataException("a row group without rows");
            for (var c = 0; c < group.MetaData.NumColumns; c++)
            {
                using var chunk = group.MetaData.GetColumnChunkMetaData(c);
                size += chunk.TotalCompressedSize;
                raw += chunk.TotalUncompressedSize;
            }

            RowGroups.Add(new RowGroupPlace(
                start, checked((int)size), checked((int)count), raw, Bounds<int>(group, ArchiveColumns.PartitionId), Bounds<long>(group, ArchiveColumns.EventOffset).Last));
            start += size;
        }

        return rows == file.Events && start <= Start ? 0 : throw new InvalidDataException($"its row groups have {rows} rows and end at {start}");
    });

    private static (T First, T Last) Bounds<T>(RowGroupReader group, int column)
        where T : unmanaged
    {
        using var chunk = group.MetaData.GetColumnChunkMetaData(column);
        using var statistics = chunk.Statistics as Statistics<T> ?? throw new InvalidDataException($"column {column} has no statistics");
        return (statistics.Min, statistics.Max);
    }

    private static unsafe (string First, string Last) TextBounds(RowGroupReader group, int column)
    {
        using var chunk = group.MetaData.GetColumnChunkMetaData(column);
        using var statistics = chunk.Statistics as Statistics<ByteArray> ?? throw new InvalidDataException($"column {column} has no statistics");
        return (Text(statistics.Min), Text(statistics.Max));

        static string Text(ByteArray bytes) => System.Text.Encoding.UTF8.GetString((byte*)bytes.Pointer, bytes.Length);
    }
}

/// <summary>Where a row group lies in its file, its rows and their bytes before compression, which partitions it has rows of, and its highest offset.</summary>
internal readonly record struct RowGroupPlace(long Start, int Length, int Rows, long RawBytes, (int First, int Last) Partitions, long LastOffset)
{
    /// <summary>Whether a partition may have an event here at or after an offset.</summary>
    public bool MayHold(int partition, long offset) =>
        partition >= Partitions.First && partition <= Partitions.Last && (Partitions.First != Partitions.Last || offset <= LastOffset);
}
