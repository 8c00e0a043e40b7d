using System.Net;
using System.Net.Sockets;
using System.Text;
using TattleTail.Tests;

namespace TattleTail.Server.Tests.Hosting;

public sealed class ConnectionLimitTests
{
    // ApiVersions v0, correlation id 7, client id null.
    private static readonly byte[] KafkaRequest = Convert.FromHexString("0000000A" + "0012" + "0000" + "00000007" + "FFFF");
    private static readonly byte[] HttpRequest = Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

    [Fact]
    public async Task Connections_AtTheLimitOfBothEndpoints_AreServedAndOneMoreIsNotUntilOneEnds()
    {
        await using var node = await TestNode.StartAsync(c => c with { MaxConnections = 4 });
        var kafka = new IPEndPoint(IPAddress.Loopback, node.Node.KafkaAddress.Port);
        var http = new IPEndPoint(IPAddress.Loopback, node.Node.HttpAddress.Port);
        using var first = await ServedAsync(kafka, KafkaRequest);
        using var second = await ServedAsync(http, HttpRequest);
        using var third = await ServedAsync(kafka, KafkaRequest);
        using (await ServedAsync(http, HttpRequest))
        {
            Assert.Null(await ServedAsync(kafka, KafkaRequest));
            Assert.Null(await ServedAsync(http, HttpRequest));
            Assert.NotNull(first);
            Assert.True(await AnswersAsync(first, KafkaRequest), "those that are there go on");
        }

        using var next = await UntilServedAsync(kafka, KafkaRequest);
        Assert.Null(await ServedAsync(http, HttpRequest));
    }

    /// <summary>A connection that was answered; null when it was not accepted.</summary>
    private static async Task<Socket?> ServedAsync(IPEndPoint address, byte[] request)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address);
            if (await AnswersAsync(socket, request))
            {
                return socket;
            }
        }
        catch (SocketException)
        {
            // Refused or reset.
        }

        socket.Dispose();
        return null;
    }

    private static async Task<bool> AnswersAsync(Socket socket, byte[] request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.SendAsync(request, deadline.Token);
        return await socket.ReceiveAsync(new byte[4096], deadline.Token) > 0;
    }

    private static async Task<Socket> UntilServedAsync(IPEndPoint address, byte[] request)
    {
        Socket? served = null;
        await Eventually.HoldsAsync(async () => (served = await ServedAsync(address, request)) is not null, "the place of a connection that ended");
        return served!;
    }
}
