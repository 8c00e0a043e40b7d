using System.Buffers;
using System.Security.Cryptography;

namespace TattleTail.Archive.Parquet;

/// <summary>
/// A growing buffer of chunks that a Parquet file is written into and that is then read as one sequence. The chunks lie outside the managed heap: a hundred megabytes that come and go with each
/// file would make the heap several times as large.
/// </summary>
internal sealed class ChunkedBuffer : Stream
{
    private const int ChunkBytes = 1024 * 1024;

    private readonly List<NativeChunk> _chunks = [];
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public ReadOnlySequence<byte> AsSequence()
    {
        if (_chunks.Count == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        Segment? first = null, last = null;
        for (var i = 0; i < _chunks.Count; i++)
        {
            last = new Segment(_chunks[i].Memory[..(int)Math.Min(ChunkBytes, _length - ((long)i * ChunkBytes))], last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    /// <summary>The SHA-256 of the whole, lower-case hex.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in AsSequence())
        {
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var used = (int)(_length % ChunkBytes);
            if (used == 0)
            {
                _chunks.Add(new NativeChunk(ChunkBytes));
            }

            var part = buffer[..Math.Min(buffer.Length, ChunkBytes - used)];
            part.CopyTo(_chunks[^1].GetSpan()[used..]);
            _length += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _chunks.ForEach(chunk => ((IDisposable)chunk).Dispose());
            _chunks.Clear();
            _length = 0;
        }

        base.Dispose(disposing);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            before?.Next = this;
        }
    }
}
