using System.Buffers;

namespace TattleTail.Journal;

/// <summary>Durable batches of one partition, and the hold on their buffers.</summary>
public sealed class JournalRead : IDisposable
{
    private readonly List<BatchPayload> _batches = [];
    private readonly List<byte[]> _buffers = [];

    internal JournalRead()
    {
    }

    /// <summary>The batches in offset order, valid until <see cref="Dispose"/>.</summary>
    public IReadOnlyList<BatchPayload> Batches => _batches;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffers.Clear();
        _batches.Clear();
    }

    internal byte[] Rent(int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        _buffers.Add(buffer);
        return buffer;
    }

    internal void Add(in BatchPayload batch) => _batches.Add(batch);
}
