using System.Buffers.Binary;
using System.IO.Compression;

namespace TattleTail.Events.RecordBatches.Compression;

/// <summary>gzip (RFC 1952), one member.</summary>
internal static class GzipRecords
{
    private const int SmallestMember = 18;
    private const int Step = 4096;

    public static unsafe void Decompress(ReadOnlySpan<byte> compressed, DecompressedRecords target)
    {
        if (compressed.Length < SmallestMember)
        {
            throw new InvalidDataException("it is shorter than any gzip member");
        }

        fixed (byte* pointer = compressed)
        {
            using var source = new UnmanagedMemoryStream(pointer, compressed.Length);
            using var stream = new GZipStream(source, CompressionMode.Decompress);
            int read;
            while ((read = stream.Read(target.Room(Step))) > 0)
            {
                target.Advance(read);
            }
        }

        // GZipStream takes a stream whose end is missing, and stops where another thing than a member follows; the last four bytes are the length modulo 2^32 (ISIZE).
        if (BinaryPrimitives.ReadUInt32LittleEndian(compressed[^4..]) != (uint)target.Bytes.Length)
        {
            throw new InvalidDataException("its end is missing, or more than one member is there");
        }
    }
}
