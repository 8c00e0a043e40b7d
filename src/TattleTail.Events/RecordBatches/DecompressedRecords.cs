using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Snappier;
using ZstdSharp;

namespace TattleTail.Events.RecordBatches;

/// <summary>
/// The records section of a compressed batch, decompressed into a pooled buffer. The buffer grows with what really comes out and never beyond the limit, so that a few bytes
/// cannot claim gigabytes. Throws <see cref="InvalidDataException"/> on bytes that do not decompress and <see cref="DecompressedTooLargeException"/> above the limit.
/// </summary>
internal sealed class DecompressedRecords : IDisposable
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>The Java client's Snappy framing: this magic, two int32 versions, then blocks with int32 lengths (xerial snappy-java, <c>SnappyCodec</c>).</summary>
    private static readonly byte[] XerialMagic = [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    private readonly int _limit;
    private byte[] _buffer;
    private int _length;

    private DecompressedRecords(int first, int limit)
    {
        _limit = limit;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(first, Math.Max(limit, 1)));
    }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public static DecompressedRecords Of(BatchCompression compression, ReadOnlySpan<byte> compressed, int limit)
    {
        var result = new DecompressedRecords(Math.Max(FirstBuffer, compressed.Length), limit);
        try
        {
            result.Fill(compression, compressed);
            return result;
        }
        catch (Exception e) when (e is not DecompressedTooLargeException)
        {
            result.Dispose();
            if (e is InvalidDataException or EndOfStreamException or ZstdException or ArgumentException or InvalidOperationException or NotSupportedException or IndexOutOfRangeException)
            {
                throw new InvalidDataException($"the records do not decompress as {compression}: {e.Message}", e);
            }

            throw;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private unsafe void Fill(BatchCompression compression, ReadOnlySpan<byte> compressed)
    {
        if (compression == BatchCompression.Snappy)
        {
            FillSnappy(compressed);
            return;
        }

        fixed (byte* pointer = compressed)
        {
            using var source = new UnmanagedMemoryStream(pointer, compressed.Length);
            using var stream = Open(compression, source, compressed);
            int read;
            while ((read = stream.Read(Room())) > 0)
            {
                _length += read;
            }

            if (source.Position != source.Length)
            {
                throw new InvalidDataException("bytes are left over after the compressed records");
            }

            // GZipStream takes a stream whose end is missing; the last four bytes are the length modulo 2^32 (RFC 1952, ISIZE).
            if (compression == BatchCompression.Gzip && BinaryPrimitives.ReadUInt32LittleEndian(compressed[^4..]) != (uint)_length)
            {
                throw new InvalidDataException("the gzip stream is cut");
            }
        }
    }

    private static Stream Open(BatchCompression compression, Stream source, ReadOnlySpan<byte> compressed)
    {
        switch (compression)
        {
            case BatchCompression.Gzip when compressed.Length >= 18:
                return new GZipStream(source, CompressionMode.Decompress, leaveOpen: true);
            case BatchCompression.Zstd:
                return new DecompressionStream(source, leaveOpen: true);
            case BatchCompression.Lz4:
                // Kafka's reader takes frames with independent blocks only (Lz4BlockInputStream); flag byte at 4, bit 5 (LZ4 frame format 1.6.1).
                if (compressed.Length < 7 || (compressed[4] & 0x20) == 0)
                {
                    throw new InvalidDataException("an LZ4 frame must have independent blocks");
                }

                return LZ4Stream.Decode(source, leaveOpen: true);
            default:
                throw new InvalidDataException("no such compression type");
        }
    }

    private void FillSnappy(ReadOnlySpan<byte> compressed)
    {
        if (!compressed.StartsWith(XerialMagic))
        {
            AddSnappyBlock(compressed);
            return;
        }

        var rest = compressed[16..];
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4)
            {
                throw new InvalidDataException("a Snappy block's length is cut");
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - 4)
            {
                throw new InvalidDataException("a Snappy block goes beyond the batch");
            }

            AddSnappyBlock(rest.Slice(4, length));
            rest = rest[(4 + length)..];
        }
    }

    private void AddSnappyBlock(ReadOnlySpan<byte> block)
    {
        var size = Snappy.GetUncompressedLength(block);

        // A Snappy element of three bytes copies 64: whoever says more lies.
        if (size > 32L * Math.Max(block.Length, 1))
        {
            throw new InvalidDataException("a Snappy block says that it is larger than it can be");
        }

        if (size > _limit - _length)
        {
            throw new DecompressedTooLargeException(_limit);
        }

        Grow(_length + size);
        _length += Snappy.Decompress(block, _buffer.AsSpan(_length));
    }

    private Span<byte> Room()
    {
        if (_length == _buffer.Length)
        {
            if (_length > _limit)
            {
                throw new DecompressedTooLargeException(_limit);
            }

            Grow(_length + 1);
        }

        return _length > _limit ? throw new DecompressedTooLargeException(_limit) : _buffer.AsSpan(_length);
    }

    private void Grow(int size)
    {
        if (size <= _buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(size, 2L * _buffer.Length), (long)_limit + 1));
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>Records decompress to more than the limit.</summary>
internal sealed class DecompressedTooLargeException(int limit) : Exception($"the records decompress to more than {limit} bytes");
