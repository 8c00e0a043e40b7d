using System.Buffers;
using ZstdSharp;

namespace TattleTail.Events.RecordBatches.Compression;

/// <summary>One Zstandard frame (RFC 8878). Decoders are kept for the next batch, except those to which a frame gave a large window.</summary>
internal static class ZstdRecords
{
    private const int Step = 4096;
    private const int MaxKept = 8;

    /// <summary>The window of the default level and below, 2 MiB; it is what a kept decoder may hold.</summary>
    private const int MaxKeptWindowLog = 21;

    private static readonly Decompressor?[] Kept = new Decompressor?[MaxKept];

    public static void Decompress(ReadOnlySpan<byte> compressed, DecompressedRecords target)
    {
        var decoder = Take();
        var isSound = false;
        try
        {
            Decompress(decoder, compressed, target);
            isSound = true;
        }
        finally
        {
            if (!isSound || !HasSmallWindow(compressed) || target.Bytes.Length > 1 << MaxKeptWindowLog || !TryKeep(decoder))
            {
                decoder.Dispose();
            }
        }
    }

    private static Decompressor Take()
    {
        for (var i = 0; i < Kept.Length; i++)
        {
            if (Interlocked.Exchange(ref Kept[i], null) is { } kept)
            {
                return kept;
            }
        }

        return new Decompressor();
    }

    private static bool TryKeep(Decompressor decoder)
    {
        for (var i = 0; i < Kept.Length; i++)
        {
            if (Interlocked.CompareExchange(ref Kept[i], decoder, null) is null)
            {
                return true;
            }
        }

        return false;
    }

    private static void Decompress(Decompressor decoder, ReadOnlySpan<byte> compressed, DecompressedRecords target)
    {
        decoder.ResetStream();
        while (true)
        {
            var status = decoder.UnwrapStream(compressed, target.Room(Step), out var consumed, out var written);
            target.Advance(written);
            compressed = compressed[consumed..];
            if (status == OperationStatus.Done)
            {
                break;
            }

            if (status == OperationStatus.InvalidData || (consumed == 0 && written == 0))
            {
                throw new InvalidDataException("the frame is malformed or cut");
            }
        }

        if (!compressed.IsEmpty)
        {
            throw new InvalidDataException("bytes are left over after the frame");
        }
    }

    /// <summary>Reads the window from the frame's header (RFC 8878, 3.1.1.1): magic, then a descriptor whose bit 5 says that the content's size, looked at above, is the window.</summary>
    private static bool HasSmallWindow(ReadOnlySpan<byte> frame) => (frame[4] & 0x20) != 0 || 10 + (frame[5] >> 3) <= MaxKeptWindowLog;
}
