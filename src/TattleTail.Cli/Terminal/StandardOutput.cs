using Microsoft.Win32.SafeHandles;

namespace TattleTail.Cli.Terminal;

/// <summary>
/// Standard output whose reader may leave (<c>| head</c>): a write then throws <see cref="OutputClosedException"/>. The console's own stream hides that and would have a command
/// read a whole archive for nobody.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int BrokenPipe = 32; // EPIPE, on Linux and macOS

    private readonly Stream _inner;

    /// <summary>Wraps the stream that reaches the reader.</summary>
    public StandardOutput(Stream inner) => _inner = inner;

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Opens the process's standard output.</summary>
    /// <remarks>
    /// A pipe is written as a file handle, which reports that its reader left. A regular file cannot lose its reader and stays with the console's stream: a file handle of
    /// its own would write at a position of its own, over what the shell's other commands wrote to the same file. PowerShell stops a program whose reader left by itself.
    /// </remarks>
    public static StandardOutput Open()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
            {
                return new StandardOutput(pipe);
            }
        }

        return new StandardOutput(Console.OpenStandardOutput());
    }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (IOException gone) when (gone.HResult == BrokenPipe)
        {
            throw new OutputClosedException(gone);
        }
    }

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override void Flush() => _inner.Flush();

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
