using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using TattleTail.Platform;

namespace TattleTail.Spew.Protocol;

/// <summary>
/// One response being put together: what is written into it, and memory spliced in by reference, which must stay valid until <see cref="SendAsync"/> has returned. Reused for the next
/// response of the connection. Layout: length int32 of what follows, correlation id int32, from response header version 1 an empty tag section, the body.
/// </summary>
internal sealed class ResponseFrame : IBufferWriter<byte>, IDisposable
{
    private const int KeptBytes = 64 * 1024;

    // Kestrel's pipe takes a whole write before it waits for the socket: this is what a slow client holds of a large response.
    private const int SendBytes = 256 * 1024;

    private readonly List<(int At, ReadOnlyMemory<byte> Bytes)> _splices = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _written;
    private long _spliced;

    /// <summary>Starts a response.</summary>
    public void Start(int correlationId, bool tags)
    {
        Clear();
        Span<byte> header = GetSpan(9);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], correlationId);
        header[8] = 0;
        Advance(tags ? 9 : 8);
    }

    /// <summary>Lets the next bytes be these, without copying them.</summary>
    public void Splice(ReadOnlyMemory<byte> bytes)
    {
        _splices.Add((_written, bytes));
        _spliced += bytes.Length;
    }

    /// <summary>Bytes of the response.</summary>
    public long Length => _written + _spliced;

    /// <summary>What was written, without what was spliced in.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _written);

    /// <inheritdoc />
    public void Advance(int count) => _written += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    /// <summary>Writes the length and sends all of it, no faster than the client takes it. The frame is empty afterwards.</summary>
    public async ValueTask SendAsync(PipeWriter output)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer, checked((int)(_written + _spliced - 4)));
        int sent = 0;
        int gathered = 0;
        foreach ((int at, ReadOnlyMemory<byte> bytes) in _splices)
        {
            gathered = await GatherAsync(output, _buffer.AsMemory(sent, at - sent), gathered);
            gathered = await GatherAsync(output, bytes, gathered);
            sent = at;
        }

        await GatherAsync(output, _buffer.AsMemory(sent, _written - sent), gathered);
        await output.FlushAsync();
        Clear();
    }

    /// <summary>All bytes of the response in one array, for tests and tools.</summary>
    public byte[] ToArray()
    {
        var whole = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteInt32BigEndian(_buffer, checked((int)(_written + _spliced - 4)));
        int copied = 0;
        foreach ((int at, ReadOnlyMemory<byte> bytes) in _splices)
        {
            whole.Write(_buffer.AsSpan(copied, at - copied));
            whole.Write(bytes.Span);
            copied = at;
        }

        whole.Write(_buffer.AsSpan(copied, _written - copied));
        return whole.WrittenSpan.ToArray();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Puts bytes into the pipe, and flushes it whenever it holds <see cref="SendBytes"/>. Returns what it holds now.</summary>
    private static async ValueTask<int> GatherAsync(PipeWriter output, ReadOnlyMemory<byte> bytes, int gathered)
    {
        while (bytes.Length >= SendBytes - gathered)
        {
            int part = SendBytes - gathered;
            output.Write(bytes.Span[..part]);
            await output.FlushAsync();
            Background.GiveWay();
            bytes = bytes[part..];
            gathered = 0;
        }

        output.Write(bytes.Span);
        return gathered + bytes.Length;
    }

    private void Clear()
    {
        _splices.Clear();
        _spliced = 0;
        _written = 0;
        if (_buffer.Length > KeptBytes)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(4096);
        }
    }

    private void Reserve(int sizeHint)
    {
        int needed = checked(_written + Math.Max(sizeHint, 1));
        if (needed > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, _written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
