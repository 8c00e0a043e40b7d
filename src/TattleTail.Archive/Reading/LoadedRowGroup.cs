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
    private const int MaxIdle = 4;

    /// <summary>What a cursor takes beside the row group's bytes: a page of each column before and after decompression, about.</summary>
    private const long CursorBytes = 4 * 1024 * 1024;

    private readonly ArchiveFile _file;
    private readonly FileFooter _footer;
    private readonly int _group;
    private readonly byte[] _bytes;
    private readonly List<RowGroupCursor> _idle = [];
    private bool _closed;

    private LoadedRowGroup(ArchiveFile file, FileFooter footer, int group, byte[] bytes)
    {
        (_file, _footer, _group, _bytes) = (file, footer, group, bytes);
        Index = RowGroupCursor.Index(file, footer, group, bytes);
    }

    public RowGroupIndex Index { get; }

    public long MemoryBytes => _bytes.Length + Index.MemoryBytes + CursorBytes;

    public static async ValueTask<LoadedRowGroup> LoadAsync(IObjectStore store, ArchiveFile file, FileFooter footer, int group)
    {
        var place = footer.RowGroups[group];
        return new LoadedRowGroup(file, footer, group, await FileFooter.ReadAsync(store, file, place.Start, place.Length, CancellationToken.None));
    }

    /// <summary>Decodes rows that lie one behind the other.</summary>
    public void Read(DecodedRows rows, int first, int count)
    {
        var cursor = TakeIdle(first) ?? RowGroupCursor.Open(_file, _footer, _group, _bytes);
        try
        {
            cursor.SkipTo(first);
            cursor.Read(rows, count);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }

        PutBack(cursor);
    }

    /// <summary>Gives up the cursors; those that are in use end with their use.</summary>
    public void Close()
    {
        lock (_idle)
        {
            _closed = true;
            _idle.ForEach(cursor => cursor.Dispose());
            _idle.Clear();
        }
    }

    /// <summary>The cursor that stands nearest before a row.</summary>
    private RowGroupCursor? TakeIdle(int row)
    {
        lock (_idle)
        {
            var nearest = _idle.Where(cursor => cursor.Row <= row).MaxBy(cursor => cursor.Row);
            if (nearest is not null)
            {
                _idle.Remove(nearest);
            }

            return nearest;
        }
    }

    private void PutBack(RowGroupCursor cursor)
    {
        lock (_idle)
        {
            if (_closed || cursor.Row == Index.Rows)
            {
                cursor.Dispose();
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
}
