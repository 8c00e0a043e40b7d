using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>
/// Serves batches, waiting for events by the log's signal until there are enough, something is wrong, or the client's time is up. There are no fetch sessions: every answer has session id 0 and
/// lists every partition asked for.
/// </summary>
internal static class FetchHandler
{
    private const int NoSession = 0;
    private const int FinalEpoch = -1;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    // A client that wants many bytes at once is not served anew for each small append in between.
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(5);

    public static async ValueTask HandleAsync(Exchange exchange)
    {
        FetchRequest request = exchange.Read<FetchRequest>();
        if (request.SessionId != NoSession && request.SessionEpoch != FinalEpoch)
        {
            exchange.Write(new FetchResponse { ErrorCode = exchange.Code(ErrorCode.FetchSessionIdNotFound), Responses = [] });
            return;
        }

        var round = new FetchRound(exchange, request);
        exchange.HoldUntilSent(round);
        await round.ReadAsync();
        if (!round.IsEnough)
        {
            await WaitAsync(exchange, request, round);
        }

        exchange.Write(round.Answer());
    }

    private static async ValueTask WaitAsync(Exchange exchange, FetchRequest request, FetchRound round)
    {
        TimeSpan wait = TimeSpan.FromMilliseconds(request.MaxWaitMs);
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        using var signal = new FetchSignal(round.Partitions, wait < LongestWait ? wait : LongestWait, exchange.Client.Ending);
        while (!round.IsEnough && !exchange.Client.Ending.IsCancellationRequested)
        {
            signal.Reset();
            if (round.HasNews)
            {
                await round.ReadAsync();
                continue;
            }

            if (signal.IsTimeUp)
            {
                return;
            }

            await signal.WaitAsync();
            if (request.MinBytes > 1 && round.HasNews && !signal.IsTimeUp)
            {
                await Task.Delay(GatherTime, CancellationToken.None);
            }
        }
    }
}
