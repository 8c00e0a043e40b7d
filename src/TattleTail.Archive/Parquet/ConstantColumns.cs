using ParquetSharp;

namespace TattleTail.Archive.Parquet;

/// <summary>The columns that have one value in the whole file.</summary>
internal sealed class ConstantColumns : IDisposable
{
    private const int Chunk = 4096;

    private readonly NativeArena _arena = new();
    private readonly ByteArray[] _text = new ByteArray[Chunk];
    private readonly int[] _incarnations = new int[Chunk];

    public ConstantColumns(ArchiveStream stream, string month)
    {
        Channel = Copy(stream.Channel);
        Month = Copy(month);
        Source = Copy(stream.Source);
        Address = Copy(stream.Address);
        Array.Fill(_incarnations, stream.Incarnation);
    }

    public ByteArray Channel { get; }

    public ByteArray Month { get; }

    public ByteArray Source { get; }

    public ByteArray Address { get; }

    public void WriteText(RowGroupWriter group, ByteArray value, int rows)
    {
        Array.Fill(_text, value);
        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        for (; rows > 0; rows -= Chunk)
        {
            writer.WriteBatch(_text.AsSpan(0, Math.Min(rows, Chunk)));
        }
    }

    public void WriteIncarnation(RowGroupWriter group, int rows)
    {
        using var writer = (ColumnWriter<int>)group.NextColumn();
        for (; rows > 0; rows -= Chunk)
        {
            writer.WriteBatch(_incarnations.AsSpan(0, Math.Min(rows, Chunk)));
        }
    }

    public void Dispose() => _arena.Dispose();

    private ByteArray Copy(string text) => _arena.Copy(System.Text.Encoding.UTF8.GetBytes(text));
}
