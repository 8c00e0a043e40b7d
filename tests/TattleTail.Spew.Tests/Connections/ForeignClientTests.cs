using System.Buffers.Binary;
using System.Text;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Tests.Connections;

/// <summary>What comes to an open port: it costs its own connection and one line in the log.</summary>
public sealed class ForeignClientTests
{
    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "an HTTP request", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") },
        { "a TLS handshake", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, 1, 2, 3] },
        { "a request of -1 bytes", [0xFF, 0xFF, 0xFF, 0xFF, 0, 18, 0, 0, 0, 0, 0, 1] },
        { "a request of 0 bytes", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "a request of 9 bytes", [0, 0, 0, 9, 0, 18, 0, 0, 0, 0, 0, 1, 0] },
        { "a request of 104857601 bytes", [0x06, 0x40, 0x00, 0x01, 0, 18, 0, 0, 0, 0, 0, 1] },
        { "api 4660 is not served", [0, 0, 0, 10, 0x12, 0x34, 0, 0, 0, 0, 0, 1, 0, 0] },
        { "version 2 of Produce is not served", [0, 0, 0, 10, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0] },
        { "version 13 of Fetch is not served", [0, 0, 0, 10, 0, 1, 0, 13, 0, 0, 0, 1, 0, 0] },
        { "bytes wanted", [0, 0, 0, 14, 0, 22, 0, 0, 0, 0, 0, 1, 0, 0, 0xFF, 0xFE, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Connection_SendsNoRequest_IsClosedWithOneLine(string what, byte[] bytes)
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync();
        using KafkaSocket good = await KafkaSocket.ConnectAsync(node.Port);
        using KafkaSocket bad = await KafkaSocket.ConnectAsync(node.Port);

        await bad.SendAsync(bytes);

        Assert.Null(await bad.ReceiveAsync());
        string line = Assert.Single(node.Lines.Lines);
        Assert.StartsWith("Closed the Kafka connection from 127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Contains(what, line, StringComparison.Ordinal);
        ApiVersionsResponse answer = await good.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(18, 0, default, flexible: false, taggedHeader: false);
        Assert.Equal(0, answer.ErrorCode);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(200)]
    public async Task Connection_EndsInsideARequest_IsClosedWithOneLine(int sent)
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync();
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);
        byte[] frame = new byte[1004];
        BinaryPrimitives.WriteInt32BigEndian(frame, 1000);
        frame[5] = 18;

        await client.SendAsync(frame.AsMemory(0, sent));
        client.EndSending();

        Assert.Null(await client.ReceiveAsync());
        Assert.Contains("it ended after", Assert.Single(node.Lines.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_RandomBytes_AlwaysEnds()
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync(new SpewOptions { MaxRequestBytes = 64 * 1024 });
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);
            byte[] bytes = new byte[random.Next(1, 500)];
            random.NextBytes(bytes);
            await client.SendAsync(bytes);
            client.EndSending();
            Assert.Null(await client.ReceiveAsync());
        }

        Assert.Equal(200, node.Lines.Lines.Count);
        Assert.DoesNotContain(node.Lines.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(999)]
    [InlineData(-1)]
    public async Task ApiVersions_NewerThanServed_IsAnsweredInVersion0(short version)
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync();
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);

        byte[] frame = client.Frame(18, version, default(ApiVersionsRequest), flexible: true);
        await client.SendAsync(frame);
        byte[]? response = await client.ReceiveAsync();

        // Correlation id, error 35, one api: ApiVersions 0 to 4.
        Assert.Equal("00000001" + "0023" + "00000001" + "001200000004", Convert.ToHexString(response!));
        ApiVersionsResponse again = await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(
            18, 4, new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" }, flexible: true, taggedHeader: false);
        Assert.Equal(0, again.ErrorCode);
    }

    [Theory]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    public async Task Request_AtTheLimitAndOneByteMore_IsAnsweredAndRefused(int bytes, bool answered)
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync(new SpewOptions { MaxRequestBytes = 65_536 });
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);
        byte[] frame = new byte[4 + bytes];
        BinaryPrimitives.WriteInt32BigEndian(frame, bytes);
        frame[5] = 18;

        await client.SendAsync(frame);

        Assert.Equal(answered, await client.ReceiveAsync() is not null);
        Assert.Equal(answered ? 0 : 1, node.Lines.Lines.Count);
    }

    [Fact]
    public async Task Request_WithBytesAfterItsBody_IsAnswered()
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync();
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);

        await client.SendAsync(new byte[] { 0, 0, 0, 13, 0, 18, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3 });

        Assert.NotNull(await client.ReceiveAsync());
        Assert.Empty(node.Lines.Lines);
    }

    [Fact]
    public async Task Requests_SentWithoutWaiting_AreAnsweredInOrder()
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync();
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);
        var all = new List<byte>();
        for (int i = 0; i < 500; i++)
        {
            all.AddRange(client.Frame(18, 0, default(ApiVersionsRequest), flexible: false));
        }

        await client.SendAsync(all.ToArray());

        for (int i = 1; i <= 500; i++)
        {
            Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(await client.ReceiveAsync()));
        }
    }

    [Fact]
    public async Task Node_Stops_IdleConnectionsEnd()
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync();
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);
        await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(18, 0, default, flexible: false, taggedHeader: false);

        Task stopped = node.StopAsync();

        Assert.Null(await client.ReceiveAsync());
        await stopped.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(node.Lines.Lines);
    }
}
