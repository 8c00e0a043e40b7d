using System.Buffers;
using System.Runtime.CompilerServices;
using TattleTail.Storage;

namespace TattleTail.Log.Tests.Sealing;

/// <summary>A store whose N-th call fails, before or after it did its work.</summary>
internal sealed class FailingStore(IObjectStore inner) : IObjectStore
{
    private int _calls;

    /// <summary>The call that fails, from 1; 0: none.</summary>
    public int FailAt { get; set; }

    /// <summary>The work is done, only the answer is lost.</summary>
    public bool AfterTheWork { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    public string Description => inner.Description;

    public async ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        var fails = Count();
        var put = fails && !AfterTheWork ? throw Lost(name) : await inner.PutIfAbsentAsync(name, content);
        return fails ? throw Lost(name) : put;
    }

    public async ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content)
    {
        FailNow(name);
        await inner.PutHintAsync(name, content);
    }

    public async ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default)
    {
        FailNow(name);
        return await inner.GetRangeAsync(name, position, buffer, cancel);
    }

    public async ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default)
    {
        FailNow(name);
        return await inner.GetSizeAsync(name, cancel);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        FailNow(prefix);
        await foreach (var stored in inner.ListAsync(prefix, after, cancel))
        {
            yield return stored;
        }
    }

    public async ValueTask DeleteAsync(string name)
    {
        FailNow(name);
        await inner.DeleteAsync(name);
    }

    private static StoreException Lost(string name) => new(StoreError.Unavailable, $"planted failure on {name}");

    private bool Count() => Interlocked.Increment(ref _calls) == FailAt;

    private void FailNow(string name)
    {
        if (Count())
        {
            throw Lost(name);
        }
    }
}
