using System.Runtime.InteropServices;
using ParquetSharp;

namespace TattleTail.Archive.Parquet;

/// <summary>Memory outside the managed heap in which the bytes of a row group stay put until they are encoded. Kept and used again for the next row group.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private const int BlockBytes = 1024 * 1024;

    private readonly List<(nint Pointer, int Size)> _blocks = [];
    private int _block = -1;
    private int _used;

    /// <summary>Bytes copied since the last <see cref="Reset"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Copies bytes in. An empty value has an address too: the library takes a null one for "no value yet" when it gathers minimum and maximum, and a minimum that leaves the empty values out
    /// makes readers lose their rows.
    /// </summary>
    public ByteArray Copy(ReadOnlySpan<byte> source)
    {
        if (_block < 0 || _used + source.Length > _blocks[_block].Size)
        {
            NextBlock(source.Length);
        }

        var target = _blocks[_block].Pointer + _used;
        source.CopyTo(new Span<byte>((void*)target, source.Length));
        _used += source.Length;
        Bytes += source.Length;
        return new ByteArray(target, source.Length);
    }

    public void Reset()
    {
        _block = _blocks.Count > 0 ? 0 : -1;
        _used = 0;
        Bytes = 0;
    }

    public void Dispose()
    {
        foreach (var (pointer, _) in _blocks)
        {
            NativeMemory.Free((void*)pointer);
        }

        _blocks.Clear();
        _block = -1;
    }

    /// <summary>Steps to a block with room, in order; a block that is too small for a large value stays empty until the next reset.</summary>
    private void NextBlock(int size)
    {
        _used = 0;
        do
        {
            _block++;
        }
        while (_block < _blocks.Count && _blocks[_block].Size < size);

        if (_block == _blocks.Count)
        {
            var length = Math.Max(BlockBytes, size);
            _blocks.Add(((nint)NativeMemory.Alloc((nuint)length), length));
        }
    }
}
