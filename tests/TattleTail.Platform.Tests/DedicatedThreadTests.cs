namespace TattleTail.Platform.Tests;

public sealed class DedicatedThreadTests
{
    [Fact]
    public async Task Tasks_AcrossAwaits_StayOnTheThread()
    {
        using var thread = new DedicatedThread("test");

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
        var thread = new DedicatedThread("test");
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            _ = Task.Factory.StartNew(() => ran++, CancellationToken.None, TaskCreationOptions.None, thread);
        }

        thread.Dispose();

        Assert.Equal(100, ran);
    }
}
