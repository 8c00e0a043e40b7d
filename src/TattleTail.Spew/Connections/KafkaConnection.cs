using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Security;

namespace TattleTail.Spew.Connections;

/// <summary>
/// One client's connection: requests are taken and answered in order, and a client that does not read is not read from. Ends when the client goes, sends what is no request, or the node
/// stops: then the requests in hand are still answered.
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
        using var reading = new ConnectionWatch(_connection, _node.Clock);
        using var sending = new ConnectionWatch(_connection, _node.Clock);
        CancellationToken stopping = _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_connection.ConnectionClosed, stopping);
        await using CancellationTokenRegistration registration = stopping.Register(_connection.Transport.Input.CancelPendingRead);
        try
        {
            await ServeAsync(reading, sending, stopping, ending.Token);
        }
        catch (MalformedFrameException fault)
        {
            _node.Metrics.FrameRefused();
            SpewEvents.ConnectionRefused(_node.Logger, _connection.RemoteEndPoint, fault.Message);
        }
        catch (Exception gone) when (gone is ConnectionResetException || (gone is ConnectionAbortedException or OperationCanceledException && IsGone(reading.Aborted ?? sending.Aborted, ending)))
        {
            SpewEvents.ConnectionLost(_node.Logger, _connection.RemoteEndPoint, reading.Aborted ?? sending.Aborted ?? "went away");
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

    private bool IsGone(string? aborted, CancellationTokenSource ending) =>
        aborted is not null || ending.IsCancellationRequested || _connection.ConnectionClosed.IsCancellationRequested;

    private async Task ServeAsync(ConnectionWatch reading, ConnectionWatch sending, CancellationToken stopping, CancellationToken ending)
    {
        IPAddress? remote = (_connection.RemoteEndPoint as IPEndPoint)?.Address;
        bool isPrivate = _connection.Features.Get<ITlsHandshakeFeature>() is not null || (remote is not null && IPAddress.IsLoopback(remote));
        var client = new Client(_node, Endpoint.Of(_node.Options, _connection.LocalEndPoint), remote?.ToString() ?? "", isPrivate, ending);
        var frames = new FrameReader(_connection.Transport.Input, () => client.Sasl.IsDone ? _node.Options.MaxRequestBytes : BeforeLogin.MaxRequestBytes, _node.RequestMemory, reading);
        await using var requests = new RequestLine(client, _connection.Transport, sending);

        // What a client sent before it went is served: a producer that waits for no answer may close at once.
        while (!stopping.IsCancellationRequested && requests.IsOpen && await frames.ReadAsync(stopping) is { } frame)
        {
            await requests.TakeAsync(frame);
        }
    }
}
