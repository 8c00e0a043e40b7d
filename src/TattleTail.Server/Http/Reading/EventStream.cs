using Microsoft.AspNetCore.Http;
using TattleTail.Log;

namespace TattleTail.Server.Http.Reading;

/// <summary>Sends the events of some partitions, one partition after the other, and then, when it follows, what comes. Never holds more than a read and a flush.</summary>
internal sealed class EventStream(HttpContext context, IReadOnlyList<PartitionScan> scans, EventOutput output)
{
    /// <summary>Runs until the end that was asked for, or until the client or the node ends it.</summary>
    /// <param name="bell">Rings when there is more; null: ends at the end.</param>
    /// <param name="foundNothing">Called before the headers go out when there is no event by then.</param>
    /// <param name="cancel">Cancelled when the client has gone or the node stops.</param>
    public async Task RunAsync(AdvanceBell? bell, Func<ValueTask> foundNothing, CancellationToken cancel)
    {
        await SendAllAsync(cancel);
        if (output.Count == 0)
        {
            await foundNothing();
        }

        while (bell is not null && !output.IsComplete && scans.Any(s => !s.IsOver && !s.Partition.Channel.IsClosed))
        {
            await FlushAsync(cancel);
            try
            {
                await bell.WaitAsync(cancel);
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                // The node stops: what was sent is whole, so the answer ends as an answer does.
                break;
            }

            await SendAllAsync(cancel);
        }

        output.End();
        await FlushAsync(context.RequestAborted);
    }

    private async ValueTask SendAllAsync(CancellationToken cancel)
    {
        foreach (var scan in scans)
        {
            while (!output.IsComplete && await ReadAsync(scan, cancel) is { } read)
            {
                using (read)
                {
                    await SendAsync(scan, read, cancel);
                }
            }
        }
    }

    private async ValueTask SendAsync(PartitionScan scan, LogRead read, CancellationToken cancel)
    {
        while (!scan.Write(read, output))
        {
            await FlushAsync(cancel);
        }

        if (output.IsFull)
        {
            await FlushAsync(cancel);
        }
    }

    private static async ValueTask<LogRead?> ReadAsync(PartitionScan scan, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await scan.ReadAsync(cancel);
            }
            catch (OffsetOutOfRangeException e) when (e.Offset < e.Start)
            {
                // The served start moved past us meanwhile; the scan goes on from there.
            }
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancel)
    {
        await context.Response.BodyWriter.FlushAsync(cancel);
        output.Flushed();
    }
}
