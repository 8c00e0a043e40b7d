using TattleTail.Cli.Publish;

namespace TattleTail.Cli.Tests.Publish;

public class EventQueueTests
{
    [Fact]
    public async Task Take_ManyWait_GivesBatchesInOrderWithinBothLimits()
    {
        using var queue = new EventQueue(maxBatchBytes: 100, maxBatchEvents: 3);
        foreach (var (line, size) in new[] { (1, 10), (2, 10), (3, 10), (4, 60), (5, 60), (6, 500), (7, 1) })
        {
            await queue.AddAsync(Sized(line, size), CancellationToken.None);
        }

        queue.Complete(null);

        Assert.Equal(["1 2 3", "4", "5", "6", "7"], await BatchesAsync(queue));
    }

    [Fact]
    public async Task Take_FormChanges_StartsANewBatch()
    {
        using var queue = new EventQueue(1000, 1000);
        await queue.AddAsync(Sized(1, 1), CancellationToken.None);
        await queue.AddAsync(Sized(2, 1) with { Form = OutgoingForm.CloudEvent }, CancellationToken.None);
        await queue.AddAsync(Sized(3, 1) with { Form = OutgoingForm.CloudEvent }, CancellationToken.None);
        queue.Complete(null);

        Assert.Equal(["1", "2 3"], await BatchesAsync(queue));
    }

    [Fact]
    public async Task Take_CompletedWithAFault_GivesWhatCameBeforeItFirst()
    {
        using var queue = new EventQueue(1000, 1000);
        await queue.AddAsync(Sized(1, 1), CancellationToken.None);
        queue.Complete(new LineException(2, "no"));

        Assert.Equal(1, Assert.Single((await queue.TakeAsync(CancellationToken.None))!).Line);
        Assert.Equal(2, (await Assert.ThrowsAsync<LineException>(async () => await queue.TakeAsync(CancellationToken.None))).Line);
    }

    [Fact]
    public async Task Add_TooMuchIsQueued_WaitsUntilSomeIsTaken()
    {
        using var queue = new EventQueue(1 << 20, 1000);
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

    private static OutgoingEvent Sized(long line, int bytes) => new(line, OutgoingForm.Envelope, new byte[bytes]);

    private static async Task<List<string>> BatchesAsync(EventQueue queue)
    {
        var batches = new List<string>();
        while (await queue.TakeAsync(CancellationToken.None) is { } batch)
        {
            batches.Add(string.Join(' ', batch.Select(outgoing => outgoing.Line)));
        }

        return batches;
    }
}
