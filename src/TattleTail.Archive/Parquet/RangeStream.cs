namespace TattleTail.Archive.Parquet;

/// <summary>
/// A file of which only some ranges are in memory, for a reader that reads synchronously: they are loaded before, so that nothing blocks. Reading outside of them is an
/// <see cref="ArchiveFormatException"/>: the file's own metadata pointed elsewhere.
/// </summary>
internal sealed class RangeStream(string name, long length) : Stream
{
    private readonly List<(long Start, ReadOnlyMemory<byte> Bytes)> _ranges = [];

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public void Add(long start, ReadOnlyMemory<byte> bytes) => _ranges.Add((start, bytes));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (Position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        foreach (var (start, bytes) in _ranges)
        {
            if (Position >= start && Position < start + bytes.Length)
            {
                var part = bytes.Span[(int)(Position - start)..];
                part = part[..Math.Min(part.Length, buffer.Length)];
                part.CopyTo(buffer);
                Position += part.Length;
                return part.Length;
            }
        }

        throw new ArchiveFormatException($"{name}: its metadata points to byte {Position}, where no rows are");
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => length + offset };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
