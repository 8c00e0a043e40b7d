using TattleTail.Simulation.Scheduling;

namespace TattleTail.Simulation.Tests;

public sealed class SeededSchedulerTests
{
    [Fact]
    public void Run_SameSeed_SameOrderAndHash()
    {
        Assert.Equal(Interleave(5), Interleave(5));
        Assert.NotEqual(Interleave(5).Hash, Interleave(6).Hash);
    }

    [Fact]
    public void FifoLane_ManyTasks_KeepTheirOrder()
    {
        var scheduler = new SeededScheduler(3, new Trace());
        var lane = scheduler.AddLane("writer", LaneOrder.Fifo);
        var order = new List<int>();
        var tasks = Enumerable.Range(0, 50).Select(number => lane.Start(() =>
        {
            order.Add(number);
            return Task.CompletedTask;
        })).ToArray();
        scheduler.Run(Task.WhenAll(tasks), 1000);
        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public void RandomLane_ManyTasks_LoseTheirOrder()
    {
        var scheduler = new SeededScheduler(3, new Trace());
        var lane = scheduler.AddLane("clients", LaneOrder.Random);
        var order = new List<int>();
        var tasks = Enumerable.Range(0, 50).Select(number => lane.Start(() =>
        {
            order.Add(number);
            return Task.CompletedTask;
        })).ToArray();
        scheduler.Run(Task.WhenAll(tasks), 1000);
        Assert.NotEqual(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public void Delay_NothingElseToDo_TimeJumps()
    {
        var scheduler = new SeededScheduler(3, new Trace());
        var lane = scheduler.AddLane("clients", LaneOrder.Random);
        var before = scheduler.Clock.GetUtcNow();
        var task = lane.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(5), scheduler.Clock);
            Assert.Same(lane, TaskScheduler.Current);
        });
        Assert.True(scheduler.Run(task, 100));
        Assert.True(task.IsCompletedSuccessfully, task.Exception?.ToString());
        Assert.InRange(scheduler.Clock.GetUtcNow() - before, TimeSpan.FromHours(5), TimeSpan.FromHours(5.01));
    }

    [Fact]
    public void Run_NobodyCanGoOn_IsStuck()
    {
        var scheduler = new SeededScheduler(3, new Trace());
        var task = scheduler.AddLane("clients", LaneOrder.Random).Start(() => new TaskCompletionSource().Task);
        Assert.Throws<StuckException>(() => scheduler.Run(task, 100));
    }

    [Fact]
    public void Run_SomebodyLeavesTheSimulation_IsNoticed()
    {
        var scheduler = new SeededScheduler(3, new Trace());
        var task = scheduler.AddLane("clients", LaneOrder.Random).Start(async () =>
        {
            var pool = Task.Factory.StartNew(() => scheduler.RequireThread("pool"), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);
            ((IAsyncResult)pool).AsyncWaitHandle.WaitOne();
            await Task.Yield();
        });
        Assert.Throws<StuckException>(() => scheduler.Run(task, 100));
    }

    private static (string Order, ulong Hash) Interleave(int seed)
    {
        var trace = new Trace();
        var scheduler = new SeededScheduler(seed, trace);
        var order = new List<string>();
        var tasks = new[] { "a", "b", "c" }.Select(name => scheduler.AddLane(name, LaneOrder.Fifo).Start(async () =>
        {
            for (var step = 0; step < 5; step++)
            {
                order.Add(name);
                await Task.Yield();
            }
        })).ToArray();
        scheduler.Run(Task.WhenAll(tasks), 1000);
        return (string.Concat(order), trace.Hash);
    }
}
