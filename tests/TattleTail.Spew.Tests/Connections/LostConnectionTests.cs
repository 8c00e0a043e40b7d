using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TattleTail.Spew.Tests.Connections;

public sealed class LostConnectionTests
{
    /// <summary>The transport tells of a reset before it tells that the connection is closed: that is no failure of the node, and operators see no error. Found by the fuzzer.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public async Task Connection_ResetBeforeItIsClosed_IsLostWithoutAWord(int bytes)
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync();
        var input = new Pipe();
        var output = new Pipe();
        await using var connection = new DefaultConnectionContext("lost", new Duplex(input.Reader, output.Writer), new Duplex(output.Reader, input.Writer))
        {
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 9092),
        };
        byte[] request = [0, 0, 0, 20, 0, 18, 0, 0, 0, 0, 0, 1, 0, 0];
        await input.Writer.WriteAsync(request.AsMemory(0, bytes));
        Task served = node.Handler.OnConnectedAsync(connection);

        await input.Writer.CompleteAsync(new ConnectionResetException("Connection reset by peer"));
        await served.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Empty(node.Lines.Lines);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
