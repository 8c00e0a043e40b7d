using System.Buffers.Binary;
using System.Net.Sockets;
using TattleTail.Spew.Protocol;

namespace TattleTail.Bench.Load;

/// <summary>A connection to a Kafka broker that costs next to nothing: it sends requests that were encoded before, answers come in the order of the requests, and no event is looked at.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private byte[] _answer = new byte[64 * 1024];

    private RawConnection()
    {
    }

    public static async Task<RawConnection> OpenAsync(string bootstrap)
    {
        var connection = new RawConnection();
        int colon = bootstrap.LastIndexOf(':');
        await connection._client.ConnectAsync(bootstrap[..colon], int.Parse(bootstrap[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        return connection;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame) => _client.GetStream().WriteAsync(frame);

    /// <summary>The next answer, valid until the one after.</summary>
    public async Task<TResponse> ReceiveAsync<TResponse>(RawApi api)
        where TResponse : struct, IWire
    {
        NetworkStream stream = _client.GetStream();
        await stream.ReadExactlyAsync(_answer.AsMemory(0, 4));
        int length = BinaryPrimitives.ReadInt32BigEndian(_answer);
        if (length > _answer.Length)
        {
            _answer = new byte[Math.Max(length, 2 * _answer.Length)];
        }

        await stream.ReadExactlyAsync(_answer.AsMemory(0, length));
        return api.Read<TResponse>(_answer.AsMemory(0, length));
    }

    public async Task<TResponse> ExchangeAsync<TRequest, TResponse>(RawApi api, TRequest request)
        where TRequest : struct, IWire
        where TResponse : struct, IWire
    {
        await SendAsync(api.Frame(request));
        return await ReceiveAsync<TResponse>(api);
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>One version of one kind of request.</summary>
internal sealed record RawApi(short Key, short Version, bool Flexible)
{
    public static readonly RawApi Produce = new(0, 9, Flexible: true);
    public static readonly RawApi Fetch = new(1, 11, Flexible: false);
    public static readonly RawApi CreateTopics = new(19, 4, Flexible: false);
    public static readonly RawApi DeleteTopics = new(20, 3, Flexible: false);

    /// <summary>A whole request, length included.</summary>
    public byte[] Frame<TRequest>(TRequest request)
        where TRequest : struct, IWire
    {
        using var body = new ResponseFrame();
        body.Start(0, tags: false);
        var writer = new WireWriter(body, Version, Flexible);
        request.Transfer(ref writer);
        byte[] frame = [0, 0, 0, 0, 0, (byte)Key, 0, (byte)Version, 0, 0, 0, 0, 0xFF, 0xFF, .. Flexible ? new byte[1] : [], .. body.ToArray()[8..]];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }

    public TResponse Read<TResponse>(Memory<byte> answer)
        where TResponse : struct, IWire
    {
        var reader = new WireReader(answer[(Flexible ? 5 : 4)..], Version, Flexible);
        TResponse response = default;
        response.Transfer(ref reader);
        return response;
    }
}
