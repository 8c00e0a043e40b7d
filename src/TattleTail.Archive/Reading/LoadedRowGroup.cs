using TattleTail.Archive.Parquet;
using TattleTail.Storage;

namespace TattleTail.Archive.Reading;

/// <summary>
/// A row group as it lies in its file, in memory, with the cursors of those who read it: one that stands where a chunk begins goes on there, so that reading forwards decodes each row once. Safe for
/// concurrent use.
/// </summary>
internal sealed class LoadedRowGroup
{
    /// <summary>Cursors that are kept for readers at different places of one row group.</summary>
    private const int MaxIdle = 2;

    /// <summary>What a cursor takes beside the row group's bytes: a page of each column before and after decompression, about.</summary>
    private const long CursorBytes = 6 * 1024 * 1024;

    private readonly ArchiveFile _file;
    private readonly FileFooter _footer;
    private readonly int _group;
    private readonly NativeChunk _bytes;
    private readonly List<RowGroupCursor> _idle = [];
    private int _inUse;
    private bool _closed;

    private LoadedRowGroup(ArchiveFile file, FileFooter footer, int group, NativeChunk bytes)
    {
        (_file, _footer, _group, _bytes) = (file, footer, group, bytes);
        Index = RowGroupCursor.Index(file, footer, group, bytes.Memory);
    }

    public RowGroupIndex Index { get; }

    public long MemoryBytes => _footer.RowGroups[_group].Length + Index.MemoryBytes + (MaxIdle * CursorBytes);

    public static async ValueTask<LoadedRowGroup> LoadAsync(IObjectStore store, ArchiveFile file, FileFooter footer, int group)
    {
        var place = footer.RowGroups[group];
        var bytes = new NativeChunk(place.Length);
        try
        {
            await FileFooter.ReadAsync(store, file, place.Start, bytes.Memory, CancellationToken.None);
            return new LoadedRowGroup(file, footer, group, bytes);
        }
        catch
        {
            ((IDisposable)bytes).Dispose();
            throw;
        }
    }

    /// <summary>Decodes rows that lie one behind the other; false when the row group was given up meanwhile.</summary>
    public bool TryRead(DecodedRows rows, int first, int count)
    {
        if (!TryTake(first, out var cursor))
        {
            return false;
        }

        try
        {
            cursor ??= RowGroupCursor.Open(_file, _footer, _group, _bytes.Memory);
            cursor.SkipTo(first);
            cursor.Read(rows, count);
        }
        catch
        {
            cursor?.Dispose();
            PutBack(null);
            throw;
        }

        PutBack(cursor);
        return true;
    }

    /// <summary>Gives up cursors and bytes; those that are in use end with their use.</summary>
    public void Close()
    {
        lock (_idle)
        {
            _closed = true;
            _idle.ForEach(cursor => cursor.Dispose());
            _idle.Clear();
            FreeUnused();
        }
    }

    /// <summary>The cursor that stands nearest before a row; null when a new one is needed.</summary>
    private bool TryTake(int row, out RowGroupCursor? cursor)
    {
        lock (_idle)
        {
            cursor = _closed ? null : _idle.Where(idle => idle.Row <= row).MaxBy(idle => idle.Row);
            if (cursor is not null)
            {
                _idle.Remove(cursor);
            }

            _inUse += _closed ? 0 : 1;
            return !_closed;
        }
    }

    private void PutBack(RowGroupCursor? cursor)
    {
        lock (_idle)
        {
            _inUse--;
            if (cursor is null || _closed || cursor.Row == Index.Rows)
            {
                cursor?.Dispose();
                FreeUnused();
                return;
            }

            _idle.Add(cursor);
            if (_idle.Count > MaxIdle)
            {
                _idle[0].Dispose();
                _idle.RemoveAt(0);
            }
        }
    }

    private void FreeUnused()
    {
        if (_closed && _inUse == 0)
        {
            ((IDisposable)_bytes).Dispose();
        }
    }
}
