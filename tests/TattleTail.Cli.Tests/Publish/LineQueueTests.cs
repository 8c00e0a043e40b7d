using TattleTail.Cli.Publish;

namespace TattleTail.Cli.Tests.Publish;

public class LineQueueTests
{
    [Fact]
    public async Task Take_ManyWait_GivesBatchesInOrderWithinBothLimits()
    {
        using var queue = new LineQueue(maxBatchBytes: 100, maxBatchLines: 3);
        foreach (var (line, size) in new[] { (1, 10), (2, 10), (3, 10), (4, 60), (5, 60), (6, 500), (7, 1) })
        {
            await queue.AddAsync(Sized(line, size), CancellationToken.None);
        }

        queue.Complete(null);

        Assert.Equal(["1 2 3", "4", "5", "6", "7"], await BatchesAsync(queue));
    }

    [Fact]
    public async Task Take_CompletedWithAFault_GivesWhatCameBeforeItFirst()
    {
        using var queue = new LineQueue(1000, 1000);
        await queue.AddAsync(Sized(1, 1), CancellationToken.None);
        queue.Complete(new LineException(2, "no"));

        Assert.Equal(1, Assert.Single((await queue.TakeAsync(CancellationToken.None))!).Number);
        Assert.Equal(2, (await Assert.ThrowsAsync<LineException>(async () => await queue.TakeAsync(CancellationToken.None))).Line);
    }

    [Fact]
    public async Task Add_TooMuchIsQueued_WaitsUntilSomeIsTaken()
    {
        using var queue = new LineQueue(1 << 20, 1000);
        var adding = Task.CompletedTask;
        var added = 0;
        for (; adding.IsCompleted && added < 100; added++)
        {
            adding = queue.AddAsync(Sized(added, 1 << 20), CancellationToken.None).AsTask();
        }

        Assert.InRange(added, 7, 9);
        await queue.TakeAsync(CancellationToken.None);
        await adding.WaitAsync(CommandProcess.Deadline);
    }

    private static InputLine Sized(long line, int bytes) => new(line, new byte[bytes]);

    private static async Task<List<string>> BatchesAsync(LineQueue queue)
    {
        var batches = new List<string>();
        while (await queue.TakeAsync(CancellationToken.None) is { } batch)
        {
            batches.Add(string.Join(' ', batch.Select(line => line.Number)));
        }

        return batches;
    }
}
