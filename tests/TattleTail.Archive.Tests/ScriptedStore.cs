using System.Buffers;
using TattleTail.Storage;

namespace TattleTail.Archive.Tests;

/// <summary>A store in memory that fails, or lets others in, when told to.</summary>
internal sealed class ScriptedStore : IObjectStore
{
    private readonly SortedDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public string Description => "memory";

    public IDictionary<string, byte[]> Objects => _objects;

    /// <summary>Called before a put takes effect, with the name; may throw, or put something first.</summary>
    public Func<string, ValueTask> BeforePut { get; set; } = _ => ValueTask.CompletedTask;

    /// <summary>Called after a put took effect; an exception from it leaves the outcome unknown to the caller.</summary>
    public Action<string> AfterPut { get; set; } = _ => { };

    /// <summary>Called before each read.</summary>
    public Action<string> BeforeGet { get; set; } = _ => { };

    public long BytesRead { get; set; }

    public async ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        ObjectName.Require(name);
        await BeforePut(name);
        var isNew = _objects.TryAdd(name, content.ToArray());
        AfterPut(name);
        return isNew;
    }

    public ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content)
    {
        _objects[name] = content.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default)
    {
        BeforeGet(name);
        if (!_objects.TryGetValue(name, out var content))
        {
            throw new StoreException(StoreError.NotFound, name);
        }

        var count = (int)Math.Clamp(content.Length - position, 0, buffer.Length);
        content.AsMemory((int)Math.Min(position, content.Length), count).CopyTo(buffer);
        BytesRead += count;
        return ValueTask.FromResult(count);
    }

    public ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default)
    {
        BeforeGet(name);
        return ValueTask.FromResult<long?>(_objects.TryGetValue(name, out var content) ? content.Length : null);
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, CancellationToken cancel = default)
    {
        BeforeGet(prefix);
        return _objects
            .Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(o.Key, after) > 0))
            .Select(o => new StoredObject(o.Key, o.Value.Length)).ToArray().ToAsyncEnumerable();
    }

    public ValueTask DeleteAsync(string name)
    {
        _objects.Remove(name);
        return ValueTask.CompletedTask;
    }
}
