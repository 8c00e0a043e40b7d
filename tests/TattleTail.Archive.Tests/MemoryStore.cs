using System.Buffers;
using System.Runtime.CompilerServices;
using TattleTail.Storage;

namespace TattleTail.Archive.Tests;

/// <summary>A store in memory that fails when told to.</summary>
internal sealed class MemoryStore : IObjectStore
{
    public SortedDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Called before a put; may throw. Returns true to do the put and then throw.</summary>
    public Func<string, bool>? BeforePut { get; set; }

    public string Description => "memory";

    public ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        var throwAfter = BeforePut?.Invoke(name) ?? false;
        var added = Objects.TryAdd(name, content.ToArray());
        return throwAfter ? throw new StoreException(StoreError.Unavailable, "the answer got lost") : ValueTask.FromResult(added);
    }

    public ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content)
    {
        Objects[name] = content.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default)
    {
        if (!Objects.TryGetValue(name, out var bytes))
        {
            throw new StoreException(StoreError.NotFound, name);
        }

        var count = (int)Math.Clamp(bytes.Length - position, 0, buffer.Length);
        bytes.AsMemory((int)Math.Min(position, bytes.Length), count).CopyTo(buffer);
        return ValueTask.FromResult(count);
    }

    public ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default) =>
        ValueTask.FromResult<long?>(Objects.TryGetValue(name, out var bytes) ? bytes.Length : null);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask;
        foreach (var (name, bytes) in Objects)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(name, after) > 0))
            {
                yield return new StoredObject(name, bytes.Length);
            }
        }
    }

    public ValueTask DeleteAsync(string name)
    {
        Objects.Remove(name);
        return ValueTask.CompletedTask;
    }
}
