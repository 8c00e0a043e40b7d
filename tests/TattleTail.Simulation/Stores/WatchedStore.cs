using System.Buffers;
using System.Collections;
using TattleTail.Storage;

namespace TattleTail.Simulation.Stores;

/// <summary>Remembers which objects were read back whole since they were put (I9). Its memory is given, since it outlives the node.</summary>
internal sealed class WatchedStore(IObjectStore inner, Dictionary<string, BitArray> reads) : IObjectStore
{
    public string Description => inner.Description;

    /// <summary>Tells whether each byte of an object was read since it was put.</summary>
    public static bool WasReadBack(Dictionary<string, BitArray> reads, string name, long size) =>
        reads.TryGetValue(name, out var read) && read.Length == size && read.HasAllSet();

    public ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        reads.TryAdd(name, new BitArray((int)content.Length));
        return inner.PutIfAbsentAsync(name, content);
    }

    public ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content) => inner.PutHintAsync(name, content);

    public async ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default)
    {
        var count = await inner.GetRangeAsync(name, position, buffer, cancel);
        if (reads.TryGetValue(name, out var read))
        {
            for (var index = 0; index < count && position + index < read.Length; index++)
            {
                read[(int)position + index] = true;
            }
        }

        return count;
    }

    public ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default) => inner.GetSizeAsync(name, cancel);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, CancellationToken cancel = default) => inner.ListAsync(prefix, after, cancel);

    public ValueTask DeleteAsync(string name) => inner.DeleteAsync(name);
}
