using TattleTail.Archive.Parquet;
using TattleTail.Storage;

namespace TattleTail.Archive.Reading;

/// <summary>
/// A row group as it lies in its file, in memory, with a cursor that goes on where it stopped, so that reading forwards decodes each row once. Reads take turns, those ahead of the cursor first and in
/// the order of their rows: however many read at different places, the cursor sweeps over the row group. Safe for concurrent use.
/// </summary>
internal sealed class LoadedRowGroup
{
    /// <summary>What the cursor takes beside the row group's bytes: a page of each column before and after decompression, about.</summary>
    private const long CursorBytes = 6 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly ArchiveFile _file;
    private readonly FileFooter _footer;
    private readonly int _group;
    private readonly NativeChunk _bytes;
    private readonly List<Waiter> _waiting = [];
    private RowGroupCursor? _cursor;
    private bool _inUse;
    private bool _closed;

    private LoadedRowGroup(ArchiveFile file, FileFooter footer, int group, NativeChunk bytes)
    {
        (_file, _footer, _group, _bytes) = (file, footer, group, bytes);
        Index = RowGroupCursor.Index(file, footer, group, bytes.Memory);
    }

    public RowGroupIndex Index { get; }

    public long MemoryBytes => _footer.RowGroups[_group].Length + Index.MemoryBytes + CursorBytes;

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

    /// <summary>Waits for a turn to read rows from one on; null when the row group was given up meanwhile. Dispose it, for the others.</summary>
    public Task<Turn?> EnterAsync(int row)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return Task.FromResult<Turn?>(null);
            }

            if (!_inUse)
            {
                _inUse = true;
                return Task.FromResult<Turn?>(new Turn(this, row));
            }

            var waiter = new Waiter(row);
            _waiting.Add(waiter);
            return waiter.Task;
        }
    }

    /// <summary>Gives up cursor and bytes; when they are in use, with the end of that.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            FreeUnused();
        }
    }

    private void Read(DecodedRows rows, int first, int count)
    {
        if (_cursor is null || _cursor.Row > first)
        {
            DropCursor();
            _cursor = RowGroupCursor.Open(_file, _footer, _group, _bytes.Memory);
        }

        try
        {
            _cursor.SkipTo(first);
            _cursor.Read(rows, count);
        }
        catch
        {
            DropCursor();
            throw;
        }

        if (_cursor.Row == Index.Rows)
        {
            DropCursor();
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            var at = _cursor?.Row ?? 0;
            var next = _closed ? null : _waiting.MinBy(waiter => (waiter.Row < at, waiter.Row));
            _inUse = next is not null;
            if (next is not null)
            {
                _waiting.Remove(next);
                next.TrySetResult(new Turn(this, next.Row));
            }

            FreeUnused();
        }
    }

    private void DropCursor()
    {
        _cursor?.Dispose();
        _cursor = null;
    }

    private void FreeUnused()
    {
        if (_closed && !_inUse)
        {
            DropCursor();
            ((IDisposable)_bytes).Dispose();
            _waiting.ForEach(waiter => waiter.TrySetResult(null));
            _waiting.Clear();
        }
    }

    /// <summary>The right to read, until it is disposed.</summary>
    public sealed class Turn(LoadedRowGroup group, int row) : IDisposable
    {
        /// <summary>Decodes rows that lie one behind the other, the first being that for which the turn was taken.</summary>
        public void Read(DecodedRows rows, int count) => group.Read(rows, row, count);

        public void Dispose() => group.Leave();
    }

    private sealed class Waiter(int row) : TaskCompletionSource<Turn?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Row => row;
    }
}
