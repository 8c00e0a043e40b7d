namespace TattleTail.Platform.Tests;

public sealed class DedicatedThreadsTests
{
    [Fact]
    public async Task Tasks_AcrossAwaits_StayOnTheThread()
    {
        using var thread = new DedicatedThreads("test");

        var (before, after) = await Task.Factory.StartNew(
            async () =>
            {
                var first = Environment.CurrentManagedThreadId;
                await Task.Yield();
                return (first, Environment.CurrentManagedThreadId);
            },
            CancellationToken.None, TaskCreationOptions.None, thread).Unwrap();

        Assert.Equal(before, after);
        Assert.NotEqual(Environment.CurrentManagedThreadId, before);
    }

    [Fact]
    public void Dispose_WithTasksQueued_RunsThemFirst()
    {
        var thread = new DedicatedThreads("test");
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            _ = Task.Factory.StartNew(() => ran++, CancellationToken.None, TaskCreationOptions.None, thread);
        }

        thread.Dispose();

        Assert.Equal(100, ran);
    }

    [Fact]
    public async Task Tasks_OfSeveralThreads_RunAtOnceAndStayOnThem()
    {
        using var threads = new DedicatedThreads("test", count: 2);
        using var met = new Barrier(2);

        var ran = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Start(threads, () => met.SignalAndWait(TimeSpan.FromSeconds(30)))));

        Assert.Equal([true, true], ran);
        Assert.Equal(2, threads.MaximumConcurrencyLevel);
    }

    [Theory]
    [InlineData(ThreadPriority.AboveNormal, 0, 0)]
    [InlineData(ThreadPriority.Normal, 0, 0)]
    [InlineData(ThreadPriority.BelowNormal, 0, 5)]
    [InlineData(ThreadPriority.Lowest, 5, 0)]
    public async Task Priority_OnLinux_IsTheThreadsPolicyAndNiceValue(ThreadPriority priority, int policy, int nicer)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "nice values of threads are Linux's");
        using var threads = new DedicatedThreads("test", priority);

        var (_, nice) = NativeThreads.Of();

        Assert.Equal((policy, nice + nicer), await Start(threads, NativeThreads.Of));
    }

    private static Task<T> Start<T>(DedicatedThreads threads, Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, threads);
}
