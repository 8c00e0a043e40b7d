using System.Buffers;
using System.Runtime.CompilerServices;
using TattleTail.Simulation.Scheduling;
using TattleTail.Storage;

namespace TattleTail.Simulation.Stores;

/// <summary>
/// A store at the end of a bad network: answers come later, some calls fail before anything was done, some after it was done (the outcome is unknown to the caller), and now and
/// then an object that was put is not what was sent.
/// </summary>
internal sealed class FlakyStore(IObjectStore inner, SeededScheduler scheduler, StoreFaults faults) : IObjectStore
{
    public string Description => inner.Description;

    public async ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        await ArriveAsync("put", name);
        var sent = faults.Garbles(name) ? Garbled(content) : content;
        var done = await inner.PutIfAbsentAsync(name, sent);
        await AnswerAsync("put", name);
        return done;
    }

    public async ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content)
    {
        await ArriveAsync("hint", name);
        await inner.PutHintAsync(name, content);
        await AnswerAsync("hint", name);
    }

    public async ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default)
    {
        await ArriveAsync("get", name);
        return await inner.GetRangeAsync(name, position, buffer, cancel);
    }

    public async ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default)
    {
        await ArriveAsync("size", name);
        return await inner.GetSizeAsync(name, cancel);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await ArriveAsync("list", prefix);
        await foreach (var found in inner.ListAsync(prefix, after, cancel))
        {
            yield return found;
        }
    }

    public async ValueTask DeleteAsync(string name)
    {
        await ArriveAsync("delete", name);
        await inner.DeleteAsync(name);
        await AnswerAsync("delete", name);
    }

    private static ReadOnlySequence<byte> Garbled(ReadOnlySequence<byte> content)
    {
        var bytes = content.ToArray();
        bytes[bytes.Length / 2] ^= 0x10;
        return new ReadOnlySequence<byte>(bytes);
    }

    private async Task ArriveAsync(string operation, string name)
    {
        await TravelAsync(operation);
        if (faults.FailsBefore())
        {
            scheduler.Trace.Note("store fails before", name);
            throw new StoreException(StoreError.Unavailable, $"{operation} {name}: injected, nothing was done");
        }
    }

    private async Task AnswerAsync(string operation, string name)
    {
        await TravelAsync(operation);
        if (faults.FailsAfter())
        {
            scheduler.Trace.Note("store fails after", name);
            throw new StoreException(StoreError.Unavailable, $"{operation} {name}: injected, it was done");
        }
    }

    private Task TravelAsync(string operation)
    {
        var travel = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.CompleteLater(operation, travel.SetResult);
        return travel.Task;
    }
}

/// <summary>How bad the store is at the moment.</summary>
internal sealed class StoreFaults(Random random)
{
    /// <summary>Of a thousand calls, how many fail before, and as many after, the work.</summary>
    public int PerThousand { get; set; }

    /// <summary>Of a thousand data files put, how many are garbled.</summary>
    public int GarbledPerThousand { get; set; }

    /// <summary>It answers nothing at all.</summary>
    public bool IsDown { get; set; }

    public bool FailsBefore() => IsDown || random.Next(1000) < PerThousand;

    public bool FailsAfter() => random.Next(1000) < PerThousand;

    public bool Garbles(string name) => name.EndsWith(".parquet", StringComparison.Ordinal) && random.Next(1000) < GarbledPerThousand;

    public void Heal()
    {
        PerThousand = 0;
        GarbledPerThousand = 0;
        IsDown = false;
    }
}
