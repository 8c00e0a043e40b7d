using TattleTail.Spew.Connections;

namespace TattleTail.Spew.Tests.Connections;

public sealed class RequestMemoryTests
{
    [Fact]
    public void Acquire_UpToTheLimit_IsGrantedAtOnceAndOneByteMoreWaits()
    {
        var memory = new RequestMemory(100);

        Assert.True(memory.AcquireAsync(60, default).AsTask().IsCompleted);
        Assert.True(memory.AcquireAsync(40, default).AsTask().IsCompleted);
        Assert.False(memory.AcquireAsync(1, default).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Acquire_MoreThanTheLimit_IsGrantedWhenNothingElseIsOut()
    {
        var memory = new RequestMemory(100);
        await memory.AcquireAsync(1, default);

        Task large = memory.AcquireAsync(1000, default).AsTask();
        Assert.False(large.IsCompleted);
        memory.Release(1);
        await large.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(1000, memory.Out);
    }

    [Fact]
    public async Task Acquire_BehindALargeWaiter_DoesNotPassIt()
    {
        var memory = new RequestMemory(100);
        await memory.AcquireAsync(50, default);
        Task large = memory.AcquireAsync(80, default).AsTask();
        Task small = memory.AcquireAsync(10, default).AsTask();

        Assert.False(small.IsCompleted);
        memory.Release(50);

        await Task.WhenAll(large, small).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(90, memory.Out);
    }

    [Fact]
    public async Task Acquire_Cancelled_TakesNothingAndLetsTheNextPass()
    {
        var memory = new RequestMemory(100);
        await memory.AcquireAsync(50, default);
        using var cancel = new CancellationTokenSource();
        Task large = memory.AcquireAsync(80, cancel.Token).AsTask();
        Task small = memory.AcquireAsync(10, default).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(60, memory.Out);
    }

    [Fact]
    public async Task AcquireAndRelease_ByMany_NeverExceedTheLimitAndEndAtZero()
    {
        var memory = new RequestMemory(1000);
        long most = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), async (i, cancel) =>
        {
            int bytes = 1 + (i * 37 % 500);
            await memory.AcquireAsync(bytes, cancel);
            InterlockedMax(ref most, memory.Out);
            await Task.Yield();
            memory.Release(bytes);
        });

        Assert.InRange(most, 1, 1000);
        Assert.Equal(0, memory.Out);
    }

    private static void InterlockedMax(ref long target, long value)
    {
        long seen = Interlocked.Read(ref target);
        while (value > seen)
        {
            long before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
