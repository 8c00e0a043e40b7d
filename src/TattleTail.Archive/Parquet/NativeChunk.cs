using System.Buffers;
using System.Runtime.InteropServices;

namespace TattleTail.Archive.Parquet;

/// <summary>Bytes outside the managed heap as memory. Valid until disposed; who forgets that never gets them back.</summary>
internal sealed unsafe class NativeChunk(int size) : MemoryManager<byte>
{
    private byte* _start = (byte*)NativeMemory.Alloc((nuint)size);

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<byte>(_start, size);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)size, nameof(elementIndex));
        return new MemoryHandle(_start + elementIndex, default, this);
    }

    /// <summary>Nothing to do: the bytes never move.</summary>
    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_start);
        _start = null;
    }
}
