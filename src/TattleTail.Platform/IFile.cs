namespace TattleTail.Platform;

/// <summary>
/// One open file. Reads may run beside one writer and beside <see cref="SyncAsync"/>; only one caller writes at a time. Every failure is a
/// <see cref="FileSystemException"/>.
/// </summary>
public interface IFile : IDisposable
{
    /// <summary>The path by which it was opened or created.</summary>
    string Path { get; }

    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Reserves room up to <paramref name="length"/> so that a full disk shows now; the file grows to that length, zero-filled.</summary>
    void Allocate(long length);

    /// <summary>Cuts or zero-extends the file.</summary>
    void SetLength(long length);

    /// <summary>Tells the system that memory is better used than for these bytes; what is durable may leave the page cache. A hint, which never fails.</summary>
    void Forget()
    {
    }

    /// <summary>Reads up to the buffer's length at a position; returns fewer bytes only at the end of the file.</summary>
    int Read(long position, Span<byte> buffer);

    /// <summary>Writes all bytes at a position, into the page cache. After an error the bytes of that range are unknown.</summary>
    void Write(long position, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Makes all that was written before the call durable (fdatasync; F_FULLFSYNC on macOS; FlushFileBuffers on Windows). Blocks the calling
    /// thread in production; a simulated one completes later on the caller's scheduler. After an error nothing is known of any byte that
    /// was written since the last success, even when it reads back well, and a second call that succeeds proves nothing.
    /// </summary>
    ValueTask SyncAsync();
}
