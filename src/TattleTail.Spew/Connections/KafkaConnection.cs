using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Security;

namespace TattleTail.Spew.Connections;

/// <summary>
/// One client's connection: one request at a time, as Kafka does it, so that answers come in order and a client that does not read is not read from. Ends when the client goes,
/// sends what is no request, or the node stops: then the request in hand is still answered.
/// </summary>
internal sealed class KafkaConnection
{
    private readonly SpewNode _node;
    private readonly ConnectionContext _connection;

    public KafkaConnection(SpewNode node, ConnectionContext connection)
    {
        _node = node;
        _connection = connection;
    }

    /// <summary>Serves the connection to its end. What goes wrong ends here.</summary>
    public async Task RunAsync()
    {
        _node.Metrics.ConnectionOpened();
        using var watch = new ConnectionWatch(_connection, _node.Clock);
        CancellationToken stopping = _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_connection.ConnectionClosed, stopping);
        await using CancellationTokenRegistration registration = stopping.Register(_connection.Transport.Input.CancelPendingRead);
        try
        {
            await ServeAsync(watch, stopping, ending.Token);
        }
        catch (MalformedFrameException fault)
        {
            _node.Metrics.FrameRefused();
            SpewEvents.ConnectionRefused(_node.Logger, _connection.RemoteEndPoint, fault.Message);
        }
        catch (Exception gone) when (gone is ConnectionResetException || (gone is ConnectionAbortedException or OperationCanceledException && IsGone(watch, ending)))
        {
            SpewEvents.ConnectionLost(_node.Logger, _connection.RemoteEndPoint, watch.Aborted ?? "went away");
        }
        catch (Exception fault)
        {
            // The boundary of a connection: a defect in one request must not end the process, and must be seen.
            SpewEvents.RequestFailed(_node.Logger, fault, _connection.RemoteEndPoint);
        }
        finally
        {
            _node.Metrics.ConnectionClosed();
        }
    }

    private bool IsGone(ConnectionWatch watch, CancellationTokenSource ending) =>
        watch.Aborted is not null || ending.IsCancellationRequested || _connection.ConnectionClosed.IsCancellationRequested;

    private async Task ServeAsync(ConnectionWatch watch, CancellationToken stopping, CancellationToken ending)
    {
        IPAddress? remote = (_connection.RemoteEndPoint as IPEndPoint)?.Address;
        bool isPrivate = _connection.Features.Get<ITlsHandshakeFeature>() is not null || (remote is not null && IPAddress.IsLoopback(remote));
        string remoteHost = remote?.ToString() ?? "";
        using var exchange = new Exchange(_node, Endpoint.Of(_node.Options, _connection.LocalEndPoint), remoteHost, isPrivate, ending);
        var frames = new FrameReader(_connection.Transport.Input, () => exchange.Sasl.IsDone ? _node.Options.MaxRequestBytes : BeforeLogin.MaxRequestBytes, _node.RequestMemory, watch);

        // What a client sent before it went is served: a producer that waits for no answer may close at once.
        while (!stopping.IsCancellationRequested && await frames.ReadAsync(stopping) is { } frame)
        {
            using (frame)
            {
                if (!await AnswerAsync(exchange, frame, watch))
                {
                    return;
                }
            }
        }
    }

    private async ValueTask<bool> AnswerAsync(Exchange exchange, RequestFrame frame, ConnectionWatch watch)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            exchange.Start(frame.Api, frame.Bytes);
            BeforeLogin.Check(exchange.Sasl, frame.Api);
            await frame.Api.Handler(exchange);
            if (exchange.Answer == AnswerKind.Close)
            {
                return false;
            }

            if (exchange.Answer is AnswerKind.Response or AnswerKind.LastResponse)
            {
                watch.Expect(ConnectionWatch.SendLimit(exchange.Response.Length), "did not take an answer in time");
                await exchange.Response.SendAsync(_connection.Transport.Output);
                watch.Rest();
            }

            return exchange.Answer != AnswerKind.LastResponse;
        }
        finally
        {
            exchange.End();
            _node.Metrics.RequestServed(frame.Api.Name, Stopwatch.GetElapsedTime(started));
        }
    }
}
