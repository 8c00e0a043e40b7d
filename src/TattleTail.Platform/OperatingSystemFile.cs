using Microsoft.Win32.SafeHandles;

namespace TattleTail.Platform;

/// <summary>An open file of the machine.</summary>
internal sealed class OperatingSystemFile : IFile
{
    private readonly SafeFileHandle _handle;

    private OperatingSystemFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    public long Length => Translate("fstat", () => RandomAccess.GetLength(_handle));

    public static OperatingSystemFile Open(string path, FileMode mode, FileAccess access) =>
        new(path, File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete));

    public void Allocate(long length)
    {
        if (OperatingSystem.IsLinux())
        {
            NativeFiles.Allocate(_handle, Path, length);
        }

        if (Length < length)
        {
            SetLength(length);
        }
    }

    public void SetLength(long length) => Translate("ftruncate", () =>
    {
        RandomAccess.SetLength(_handle, length);
        return 0L;
    });

    public int Read(long position, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            int read;
            try
            {
                read = RandomAccess.Read(_handle, buffer[total..], position + total);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileSystemFault.From(e, "read", Path);
            }

            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        try
        {
            // Continues after a short write, or throws what stopped it.
            RandomAccess.Write(_handle, bytes, position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFault.From(e, "write", Path);
        }
    }

    public ValueTask SyncAsync()
    {
        NativeFiles.Sync(_handle, Path);
        return ValueTask.CompletedTask;
    }

    public void Forget() => NativeFiles.Forget(_handle);

    public void Dispose() => _handle.Dispose();

    private long Translate(string operation, Func<long> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFault.From(e, operation, Path);
        }
    }
}
