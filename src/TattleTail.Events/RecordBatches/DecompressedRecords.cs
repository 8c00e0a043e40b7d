using System.Buffers;
using TattleTail.Events.RecordBatches.Compression;
using ZstdSharp;

namespace TattleTail.Events.RecordBatches;

/// <summary>
/// The records section of a compressed batch, decompressed into a pooled buffer. The buffer grows with what really comes out and never beyond the limit by more than a block, so that a
/// few bytes cannot claim gigabytes.
/// </summary>
internal sealed class DecompressedRecords : IDisposable
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>What an array can hold with a block to spare, whatever limit is asked for.</summary>
    private const int MaxLimit = 1 << 30;

    private readonly int _limit;
    private byte[] _buffer;
    private int _length;

    private DecompressedRecords(int first, int limit)
    {
        _limit = limit;
        _buffer = ArrayPool<byte>.Shared.Rent(first);
    }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Decompresses. Throws <see cref="InvalidDataException"/> on bytes that do not decompress and <see cref="DecompressedTooLargeException"/> above the limit.</summary>
    public static DecompressedRecords Of(BatchCompression compression, ReadOnlySpan<byte> compressed, int limit)
    {
        limit = Math.Min(limit, MaxLimit);

        // Most batches compress to a third: one buffer, no copy.
        var result = new DecompressedRecords((int)Math.Clamp(4L * compressed.Length, Math.Min(FirstBuffer, limit + 1L), limit + 1L), limit);
        try
        {
            result.Fill(compression, compressed);
            return result;
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException)
        {
            result.Dispose();
            throw new InvalidDataException($"the records do not decompress as {compression}: {e.Message}", e);
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Room to write to: at least that many bytes, more when there are more. The limit is enforced when they are written.</summary>
    public Span<byte> Room(int atLeast)
    {
        var needed = (long)_length + atLeast;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _buffer.Length), Math.Max(needed, _limit + 1L)));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }

    /// <summary>Takes what was written to the room.</summary>
    public void Advance(int bytes)
    {
        Admit(bytes);
        _length += bytes;
    }

    /// <summary>Refuses, before room is taken for them, bytes that would go beyond the limit.</summary>
    public void Admit(int bytes)
    {
        if (bytes > _limit - _length)
        {
            throw new DecompressedTooLargeException(_limit);
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

    private void Fill(BatchCompression compression, ReadOnlySpan<byte> compressed)
    {
        switch (compression)
        {
            case BatchCompression.Gzip:
                GzipRecords.Decompress(compressed, this);
                break;
            case BatchCompression.Snappy:
                SnappyRecords.Decompress(compressed, this);
                break;
            case BatchCompression.Lz4:
                Lz4Records.Decompress(compressed, this);
                break;
            case BatchCompression.Zstd:
                ZstdRecords.Decompress(compressed, this);
                break;
            default:
                throw new InvalidDataException("there is no such compression");
        }
    }
}

/// <summary>Records decompress to more than the limit.</summary>
internal sealed class DecompressedTooLargeException(int limit) : Exception($"the records decompress to more than {limit} bytes");
