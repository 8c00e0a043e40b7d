using System.Diagnostics;
using System.IO.Pipelines;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Security;

namespace TattleTail.Spew.Connections;

/// <summary>
/// The requests of one connection that are taken and not answered yet. One is taken at a time, and answers go out in the same order; but while a produce request waits for the disk, those right
/// behind it are taken too, so that one sync makes all of them durable. Disposing waits for all. Not for concurrent use.
/// </summary>
internal sealed class RequestLine(Client client, IDuplexPipe transport, ConnectionWatch watch) : IAsyncDisposable
{
    /// <summary>Most requests taken and not answered. Clients have five on the way by default.</summary>
    private const int Most = 16;

    private readonly Queue<(Task Sent, Exchange Exchange)> _line = new();
    private readonly Stack<Exchange> _free = new();
    private Task _last = Task.CompletedTask;
    private volatile bool _isOpen = true;

    /// <summary>False when the connection is to be closed.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Takes a request, and its frame, and completes when the next one may be taken.</summary>
    public async ValueTask TakeAsync(RequestFrame frame)
    {
        long started = Stopwatch.GetTimestamp();
        Exchange exchange = _free.TryPop(out Exchange? used) ? used : new Exchange(client);
        try
        {
            await LeaveAsync(frame.Api.IsPipelined ? Most - 1 : 0);
            exchange.Start(frame.Api, frame.Bytes);
            BeforeLogin.Check(client.Sasl, frame.Api);
            await frame.Api.Handler(exchange);
        }
        catch (Exception fault)
        {
            // Thrown where the answer would be sent, behind those before it: one place lets go of the request and closes the line.
            exchange.AnswerAfter(Task.FromException(fault));
        }

        _last = SendAsync(_last, exchange, frame, started);
        _line.Enqueue((_last, exchange));
        if (!frame.Api.IsPipelined)
        {
            await LeaveAsync(0);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _last;
        }
        finally
        {
            foreach (Exchange exchange in _line.Select(place => place.Exchange).Concat(_free))
            {
                exchange.Dispose();
            }
        }
    }

    /// <summary>Waits until no more than so many are in the line.</summary>
    private async ValueTask LeaveAsync(int most)
    {
        while (_line.TryPeek(out (Task Sent, Exchange Exchange) first) && (_line.Count > most || first.Sent.IsCompletedSuccessfully))
        {
            await first.Sent;
            _free.Push(_line.Dequeue().Exchange);
        }
    }

    private async Task SendAsync(Task before, Exchange exchange, RequestFrame frame, long started)
    {
        try
        {
            // Whatever became of those before, the frame is the log's until the request has run.
            await Task.WhenAll(before, exchange.Rest);
            if (_isOpen && exchange.Answer is AnswerKind.Response or AnswerKind.LastResponse)
            {
                watch.Expect(ConnectionWatch.SendLimit(exchange.Response.Length), "did not take an answer in time");
                await exchange.Response.SendAsync(transport.Output);
                watch.Rest();
            }

            if (exchange.Answer is AnswerKind.Close or AnswerKind.LastResponse)
            {
                Close();
            }
        }
        catch
        {
            Close();
            throw;
        }
        finally
        {
            exchange.End();
            frame.Dispose();
            client.Node.Metrics.RequestServed(frame.Api.Name, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>Nothing more is read, nor sent.</summary>
    private void Close()
    {
        _isOpen = false;
        transport.Input.CancelPendingRead();
    }
}
