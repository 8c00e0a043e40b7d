using TattleTail.Access;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Handlers;

/// <summary>What becomes of a request.</summary>
internal enum AnswerKind
{
    /// <summary>The response is sent.</summary>
    Response,

    /// <summary>The response is sent and the connection closed.</summary>
    LastResponse,

    /// <summary>Nothing is sent: the client waits for nothing.</summary>
    None,

    /// <summary>The connection is closed, because that is the protocol's only way to tell of the failure.</summary>
    Close,
}

/// <summary>One request of a client and its answer. Used again for later requests of the client.</summary>
internal sealed class Exchange(Client client) : IDisposable
{
    private readonly List<IDisposable> _held = [];
    private Api _api = ApiTable.Apis[0];
    private Memory<byte> _body;

    /// <summary>Who asks.</summary>
    public Client Client { get; } = client;

    public SpewNode Node => Client.Node;

    /// <summary>What the client may do.</summary>
    public Visit Visit => Client.Sasl.Visit;

    public short Version { get; private set; }

    public int CorrelationId { get; private set; }

    public string? ClientId { get; private set; }

    public AnswerKind Answer { get; private set; }

    public ResponseFrame Response { get; } = new();

    /// <summary>Ends when the answer is there. The client's next request may be taken before, see <see cref="Api.IsPipelined"/>.</summary>
    public Task Rest { get; private set; } = Task.CompletedTask;

    /// <summary>Begins with a request's bytes. Throws <see cref="MalformedFrameException"/>.</summary>
    public void Start(Api api, Memory<byte> frame)
    {
        _api = api;
        Answer = AnswerKind.Response;
        Rest = Task.CompletedTask;
        RequestHeader header = RequestHeader.ReadFixed(frame.Span);
        Version = header.Version;
        CorrelationId = header.CorrelationId;
        _body = default;
        if (api.Serves(Version))
        {
            header = RequestHeader.Read(frame, api.IsFlexible(Version), out int size);
            ClientId = header.ClientId;
            _body = frame[size..];
        }
    }

    /// <summary>
    /// Reads the request's body. Bytes after it are ignored, as Kafka does: librdkafka leaves three when it asks for the metadata of all topics. Throws
    /// <see cref="MalformedFrameException"/>.
    /// </summary>
    public TRequest Read<TRequest>()
        where TRequest : struct, IWire
    {
        TRequest request = default;
        var reader = new WireReader(_body, Version, _api.IsFlexible(Version));
        request.Transfer(ref reader);
        return request;
    }

    /// <summary>Puts the response together.</summary>
    public void Write<TResponse>(TResponse response)
        where TResponse : struct, IWire => Write(response, Version);

    /// <summary>Puts the response together in a version other than the request's.</summary>
    public void Write<TResponse>(TResponse response, short version)
        where TResponse : struct, IWire
    {
        Response.Start(CorrelationId, _api.HasTaggedResponseHeader(version));
        var writer = new WireWriter(Response, version, _api.IsFlexible(version));
        response.Transfer(ref writer);
    }

    /// <summary>The request is taken and can't be overtaken any more; its answer is there when a task ends.</summary>
    public void AnswerAfter(Task rest) => Rest = rest;

    /// <summary>Sends nothing.</summary>
    public void StaySilent() => Answer = AnswerKind.None;

    /// <summary>Sends nothing and closes the connection.</summary>
    public void Close() => Answer = AnswerKind.Close;

    /// <summary>Sends the response and closes the connection.</summary>
    public void CloseAfterwards() => Answer = AnswerKind.LastResponse;

    /// <summary>Keeps what the response points to until it is sent.</summary>
    public void HoldUntilSent(IDisposable held) => _held.Add(held);

    /// <summary>The code for the wire; counted when it is an error.</summary>
    public short Code(ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            Node.Metrics.ErrorAnswered(_api.Name, error);
        }

        return (short)error;
    }

    /// <summary>Lets go of the request and of what was held.</summary>
    public void End()
    {
        _body = default;
        foreach (IDisposable held in _held)
        {
            held.Dispose();
        }

        _held.Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        End();
        Response.Dispose();
    }
}
