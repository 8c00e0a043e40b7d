using System.Buffers.Binary;
using System.Net.Sockets;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Tests.Protocol;

namespace TattleTail.Spew.Tests;

/// <summary>A client that sends exactly the bytes that it is given.</summary>
internal sealed class KafkaSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new() { NoDelay = true };
    private NetworkStream _stream = null!;
    private int _correlation;

    /// <param name="port">The node's.</param>
    /// <param name="receiveBytes">What the system takes for this client before it reads; null: as the system likes.</param>
    public static async Task<KafkaSocket> ConnectAsync(int port, int? receiveBytes = null)
    {
        var socket = new KafkaSocket();
        if (receiveBytes is { } bytes)
        {
            socket._client.ReceiveBufferSize = bytes;
        }

        await socket._client.ConnectAsync("127.0.0.1", port);
        socket._stream = socket._client.GetStream();
        return socket;
    }

    /// <summary>Something has come that was not read.</summary>
    public bool HasAnswer => _client.Available > 0;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Sends no more, so that the node sees the end.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>A request as it goes over the wire, length and header included.</summary>
    public byte[] Frame<TRequest>(short key, short version, TRequest request, bool flexible)
        where TRequest : struct, IWire
    {
        byte[] body = WireCase.Encode(request, version, flexible);
        byte[] frame = [.. new byte[12], 0, 1, (byte)'t', .. flexible ? new byte[1] : [], .. body];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(4), key);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(6), version);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), ++_correlation);
        return frame;
    }

    /// <summary>The next response, from the correlation id on; null when the node closed the connection.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] length = new byte[4];
        try
        {
            if (await _stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, patience.Token) < 4)
            {
                return null;
            }

            byte[] response = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await _stream.ReadExactlyAsync(response, patience.Token);
            return response;
        }
        catch (IOException reset) when (reset.InnerException is SocketException)
        {
            return null;
        }
    }

    /// <summary>Sends a request and reads its response.</summary>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(short key, short version, TRequest request, bool flexible, bool taggedHeader)
        where TRequest : struct, IWire
        where TResponse : struct, IWire
    {
        await SendAsync(Frame(key, version, request, flexible));
        byte[] response = await ReceiveAsync() ?? throw new EndOfStreamException("the node closed the connection");
        Assert.Equal(_correlation, BinaryPrimitives.ReadInt32BigEndian(response));
        return WireCase.Decode<TResponse>(response[(taggedHeader ? 5 : 4)..], version, flexible);
    }

    public void Dispose() => _client.Dispose();
}
