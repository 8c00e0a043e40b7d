using TattleTail.Platform;

namespace TattleTail.Simulation.Disk;

/// <summary>An open handle. It goes on reading after the name is gone, and throws after a crash.</summary>
internal sealed class SimulatedFile(SimulatedFiles files, string path, CachedFile file, bool writable) : IFile
{
    private readonly int _generation = files.Generation;
    private bool _disposed;

    public string Path => path;

    public long Length
    {
        get
        {
            RequireAlive();
            return file.Length;
        }
    }

    public void Allocate(long length)
    {
        Begin("allocate", length, 0, write: true);
        files.RequireRoom("fallocate", path, file, length);
        if (length > file.Length)
        {
            file.SetLength((int)length, files.NextStamp());
        }
    }

    public void SetLength(long length)
    {
        Begin("truncate", length, 0, write: true);
        files.RequireRoom("ftruncate", path, file, length);
        file.SetLength((int)length, files.NextStamp());
    }

    public int Read(long position, Span<byte> buffer)
    {
        Begin("read", position, buffer.Length, write: false);
        return file.Read(position, buffer);
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        RequireAlive();
        RequireWritable();
        files.Mix(bytes);
        FileSystemError? error;
        try
        {
            error = files.Begin("write", path, position, bytes.Length, fails: false);
        }
        catch (MachineStoppedException)
        {
            WritePart(position, bytes);
            throw;
        }

        if (error is { } failure)
        {
            WritePart(position, bytes);
            throw SimulatedFiles.Error(failure, "write", path, "injected after a short write");
        }

        try
        {
            files.RequireRoom("write", path, file, position + bytes.Length);
        }
        catch (FileSystemException)
        {
            // As a kernel does: what fits is written before the error shows.
            WriteWithin(position, bytes);
            throw;
        }

        file.Write(position, bytes, files.NextStamp());
    }

    public ValueTask SyncAsync()
    {
        RequireAlive();
        var error = files.Begin("sync", path, fails: false);
        var until = files.NextStamp();
        return files.Later("sync", path, error, () => file.Synced(until), () => file.SyncFailed(until));
    }

    public void Dispose()
    {
        if (!_disposed && _generation == files.Generation)
        {
            files.Close(file);
        }

        _disposed = true;
    }

    private void WritePart(long position, ReadOnlySpan<byte> bytes) => file.Write(position, bytes[..files.Random.Next(bytes.Length + 1)], files.NextStamp());

    private void WriteWithin(long position, ReadOnlySpan<byte> bytes)
    {
        var within = (int)Math.Clamp(file.Length - position, 0, bytes.Length);
        file.Write(position, bytes[..within], files.NextStamp());
    }

    private void Begin(string operation, long position, long length, bool write)
    {
        RequireAlive();
        if (write)
        {
            RequireWritable();
        }

        files.Begin(operation, path, position, length);
    }

    private void RequireAlive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_generation != files.Generation)
        {
            throw new MachineStoppedException();
        }
    }

    private void RequireWritable()
    {
        if (!writable)
        {
            throw SimulatedFiles.Error(FileSystemError.Denied, "write", path, "opened for reading (EBADF)");
        }
    }
}
