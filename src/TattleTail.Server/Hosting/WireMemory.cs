using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace TattleTail.Server.Hosting;

/// <summary>
/// The blocks in which Kestrel receives and sends. Its own have 4 KiB, so that a request of a megabyte takes 256 system calls; these have 64. A block is held only while bytes are in it. As many
/// are kept for later as a busy node needs, the others are the garbage collector's.
/// </summary>
internal sealed class WireMemory : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 64 * 1024;
    private const int Kept = 512;

    private readonly ConcurrentQueue<byte[]> _free = new();

    public override int MaxBufferSize => BlockBytes;

    /// <summary>All transports share one pool, so that one bound holds for all.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return new Block(this, _free.TryDequeue(out var bytes) ? bytes : GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true));
    }

    /// <summary>Nothing to do: whoever disposes it may still hold blocks, and the arrays are managed.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private void Return(byte[] bytes)
    {
        // A few more than meant when two return at once: no harm.
        if (_free.Count < Kept)
        {
            _free.Enqueue(bytes);
        }
    }

    private sealed class Block(WireMemory pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                pool.Return(bytes);
            }
        }
    }
}
