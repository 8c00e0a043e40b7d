using TattleTail.Platform;

namespace TattleTail.Journal.Tests.Crashes;

/// <summary>A file's bytes: as the kernel shows them, and as they are on the disk.</summary>
internal sealed class MemoryContent
{
    private readonly HashSet<int> _dirty = [];
    private byte[] _durable = [];

    public byte[] Cached { get; private set; } = [];

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        if (position + bytes.Length > Cached.Length)
        {
            SetLength(position + bytes.Length);
        }

        bytes.CopyTo(Cached.AsSpan((int)position));
        for (var sector = (int)(position / MemoryFiles.Sector); sector * (long)MemoryFiles.Sector < position + bytes.Length; sector++)
        {
            _dirty.Add(sector);
        }
    }

    public void SetLength(long length)
    {
        var bytes = Cached;
        Array.Resize(ref bytes, (int)length);
        Cached = bytes;
    }

    public void Sync()
    {
        _durable = [.. Cached];
        _dirty.Clear();
    }

    public void Replace(byte[] bytes)
    {
        Cached = bytes;
        Sync();
    }

    /// <summary>Of the sectors that were not synced some reached the disk; so may the new length have.</summary>
    public void PowerCut(Random random, CrashMood mood)
    {
        var anyOrder = mood == CrashMood.AnyOrder;
        var bytes = new byte[anyOrder && random.Next(2) == 0 ? Cached.Length : _durable.Length];
        _durable.AsSpan(0, Math.Min(bytes.Length, _durable.Length)).CopyTo(bytes);
        foreach (var sector in _dirty.Order())
        {
            var from = sector * MemoryFiles.Sector;
            var length = Math.Min(MemoryFiles.Sector, Math.Min(bytes.Length, Cached.Length) - from);
            if (anyOrder && length > 0 && random.Next(2) == 0)
            {
                Cached.AsSpan(from, length).CopyTo(bytes.AsSpan(from));
            }
        }

        Replace(bytes);
    }
}

/// <summary>An open handle.</summary>
internal sealed class MemoryFile : IFile
{
    private readonly MemoryFiles _files;
    private readonly MemoryContent _content;
    private bool _disposed;

    public MemoryFile(MemoryFiles files, string path, MemoryContent content)
    {
        _files = files;
        _content = content;
        Path = path;
        files.OpenHandles++;
    }

    public string Path { get; }

    public long Length => _content.Cached.Length;

    public void Allocate(long length) => Locked("fallocate", () => _content.SetLength(Math.Max(length, Length)));

    public void SetLength(long length) => Locked("ftruncate", () => _content.SetLength(length));

    public int Read(long position, Span<byte> buffer)
    {
        lock (_files.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _files.Count("read", Path);
            var length = (int)Math.Clamp(Length - position, 0, buffer.Length);
            _content.Cached.AsSpan((int)Math.Min(position, Length), length).CopyTo(buffer);
            return length;
        }
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        lock (_files.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                _files.Count("write", Path);
            }
            catch (FileSystemException)
            {
                // A write that fails may have got half of its way.
                _content.Write(position, bytes[..(bytes.Length / 2)]);
                throw;
            }

            _content.Write(position, bytes);
        }
    }

    public ValueTask SyncAsync()
    {
        Locked("fdatasync", _content.Sync);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        lock (_files.Gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _files.OpenHandles--;
            }
        }
    }

    private void Locked(string operation, Action action)
    {
        lock (_files.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _files.Count(operation, Path);
            action();
        }
    }
}
