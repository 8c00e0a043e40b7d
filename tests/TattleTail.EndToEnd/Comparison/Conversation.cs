using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Asks a broker the steps of a script and writes down what it answers.</summary>
internal sealed class Conversation(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private KafkaSocket? _socket;

    public string Bootstrap => $"127.0.0.1:{port}";

    public int Port => port;

    public Transcript Transcript { get; } = new(port);

    /// <summary>The leader epoch of a topic that was just made.</summary>
    public int FirstEpoch => Transcript.FirstEpoch;

    /// <summary>Looks what the broker calls the first leader epoch.</summary>
    public async Task BeginAsync()
    {
        await CreateAsync("first");
        MetadataResponse metadata = await SendAsync<MetadataRequest, MetadataResponse>(12, Metadata("first"));
        Transcript.FirstEpoch = metadata.Topics.Single().Partitions.Single().LeaderEpoch;
    }

    /// <summary>Asks and writes the answer down; the default of the answer when the broker closed the connection.</summary>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(string step, short version, TRequest request)
        where TRequest : struct, IWire
        where TResponse : struct, IWire
    {
        try
        {
            TResponse response = await SendAsync<TRequest, TResponse>(version, request);
            AnswerLines.Write(Transcript, step, version, response);
            return response;
        }
        catch (EndOfStreamException)
        {
            Transcript.Add(step, "connection", "closed");
            Disconnect();
            return default;
        }
    }

    /// <summary>Asks without writing it down.</summary>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(short version, TRequest request)
        where TRequest : struct, IWire
        where TResponse : struct, IWire
    {
        Api api = Api<TRequest>();
        KafkaSocket socket = await ConnectAsync();
        return await socket.AskAsync<TRequest, TResponse>(api.Key, version, request, api.IsFlexible(version), api.HasTaggedResponseHeader(version));
    }

    /// <summary>Asks again until it is so, as a broker spreads some news only after it has answered.</summary>
    public async Task UntilAsync<TRequest, TResponse>(short version, TRequest request, Func<TResponse, bool> isSo)
        where TRequest : struct, IWire
        where TResponse : struct, IWire
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!isSo(await SendAsync<TRequest, TResponse>(version, request)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{typeof(TRequest).Name} is not answered as is waited for, on port {port}");
            await Task.Delay(20);
        }
    }

    /// <summary>Sends bytes and gives the answer's, from the correlation id on; null when the connection was closed.</summary>
    public async Task<byte[]?> SendFrameAsync(byte[] frame)
    {
        KafkaSocket socket = await ConnectAsync();
        await socket.SendAsync(frame);
        byte[]? answer = await socket.ReceiveAsync();
        if (answer is null)
        {
            Disconnect();
        }

        return answer;
    }

    /// <summary>The frame of a request, which the next answer belongs to.</summary>
    public async Task<byte[]> FrameAsync<TRequest>(short version, TRequest request)
        where TRequest : struct, IWire
    {
        Api api = Api<TRequest>();
        return (await ConnectAsync()).Frame(api.Key, version, request, api.IsFlexible(version));
    }

    /// <summary>Sends what has no answer.</summary>
    public async Task TellAsync<TRequest>(short version, TRequest request)
        where TRequest : struct, IWire
    {
        byte[] frame = await FrameAsync(version, request);
        await (await ConnectAsync()).SendAsync(frame);
    }

    /// <summary>Makes a topic for the steps that follow and waits until it can be used.</summary>
    public async Task CreateAsync(string topic, int partitions = 1, params (string Name, string? Value)[] configs)
    {
        var request = new CreateTopicsRequest { Topics = [KafkaSocketCalls.Topic(topic, partitions, 1, configs)], TimeoutMs = 10_000 };
        CreateTopicsResponse response = await SendAsync<CreateTopicsRequest, CreateTopicsResponse>(7, request);
        Assert.Equal(0, response.Topics.Single().ErrorCode);
        await UntilKnownAsync(topic, partitions);
    }

    /// <summary>Waits until the topic is known and its partitions are led: Kafka tells of it before it takes anything.</summary>
    public async Task UntilKnownAsync(string topic, int partitions)
    {
        await UntilAsync<MetadataRequest, MetadataResponse>(
            12, Metadata(topic), response => response.Topics.Single() is { ErrorCode: 0 } known && known.Partitions.Count(p => p.ErrorCode == 0) == partitions);
        ListOffsetsPartition[] ends = [.. Enumerable.Range(0, partitions).Select(p => new ListOffsetsPartition { PartitionIndex = p, CurrentLeaderEpoch = -1, Timestamp = -1 })];
        await UntilAsync<ListOffsetsRequest, ListOffsetsResponse>(
            6,
            new ListOffsetsRequest { ReplicaId = -1, Topics = [new ListOffsetsTopic { Name = topic, Partitions = ends }] },
            response => response.Topics.Single().Partitions.All(p => p.ErrorCode == 0));
    }

    public Task UntilUnknownAsync(string topic) => UntilAsync<MetadataRequest, MetadataResponse>(12, Metadata(topic), response => response.Topics.Single().ErrorCode == 3);

    /// <summary>Leaves what the broker remembers of the connection behind: the next request opens another.</summary>
    public void Disconnect()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Disconnect();

    private static MetadataRequest Metadata(string topic) => new() { Topics = [new MetadataRequestTopic { Name = topic }] };

    private static Api Api<TRequest>()
    {
        string name = typeof(TRequest).Name[..^"Request".Length];
        return ApiTable.Apis.Single(api => api.Name == name);
    }

    private async Task<KafkaSocket> ConnectAsync() => _socket ??= await KafkaSocket.ConnectAsync(port);
}
