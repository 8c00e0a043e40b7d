using System.Diagnostics.CodeAnalysis;

namespace TattleTail.Archive.Reading;

/// <summary>A bounded cache whose missing values are loaded on the archive's workers: once, however many wait for one. Safe for concurrent use.</summary>
internal sealed class LoadingCache<TKey, TValue>(Workers workers, long maxBytes, Func<TValue, long> size, Action<TValue>? dropped = null)
    where TKey : notnull
{
    private readonly BoundedCache<TKey, TValue> _cache = new(maxBytes, size, dropped);
    private readonly Dictionary<TKey, Task<TValue>> _loads = [];
    private readonly Lock _lock = new();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _cache.TryGet(key, out value);

    /// <summary>Loads a value, or joins who loads it. A load is not cancelled, because others may wait for it: cancelling only stops waiting.</summary>
    public async ValueTask<TValue> LoadAsync(TKey key, LoadReason reason, Func<ValueTask<TValue>> load, CancellationToken cancel)
    {
        Task<TValue>? running;
        lock (_lock)
        {
            if (!_loads.TryGetValue(key, out running))
            {
                running = workers.RunAsync(reason, () => LoadAsync(key, load));
                _loads.Add(key, running);
            }
        }

        return await running.WaitAsync(cancel);
    }

    public void Close() => _cache.Close();

    private async Task<TValue> LoadAsync(TKey key, Func<ValueTask<TValue>> load)
    {
        try
        {
            // It may have come between the caller's look and this.
            if (!_cache.TryGet(key, out var value))
            {
                value = await load();
                _cache.Add(key, value);
            }

            return value;
        }
        finally
        {
            lock (_lock)
            {
                _loads.Remove(key);
            }
        }
    }
}
