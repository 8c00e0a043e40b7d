using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Tests.Protocol;

/// <summary>A message of the product beside the schema that describes it.</summary>
/// <param name="Schema">File name of the schema, without extension.</param>
/// <param name="First">First version that Spew speaks.</param>
/// <param name="Last">Last version that Spew speaks.</param>
/// <param name="Read">Reads the message; the whole of the bytes must be used.</param>
/// <param name="Write">Writes what <paramref name="Read"/> gave.</param>
internal sealed record WireCase(string Schema, short First, short Last, Func<byte[], short, bool, object> Read, Func<object, short, bool, byte[]> Write)
{
    public static readonly WireCase[] All =
    [
        Of<ProduceRequest>(3, 11), Of<ProduceResponse>(3, 11),
        Of<FetchRequest>(4, 12), Of<FetchResponse>(4, 12),
        Of<ListOffsetsRequest>(1, 9), Of<ListOffsetsResponse>(1, 9),
        Of<MetadataRequest>(0, 12), Of<MetadataResponse>(0, 12),
        Of<FindCoordinatorRequest>(0, 5), Of<FindCoordinatorResponse>(0, 5),
        Of<ApiVersionsRequest>(0, 4), Of<ApiVersionsResponse>(0, 4),
        Of<CreateTopicsRequest>(2, 7), Of<CreateTopicsResponse>(2, 7),
        Of<DeleteTopicsRequest>(1, 6), Of<DeleteTopicsResponse>(1, 6),
        Of<InitProducerIdRequest>(0, 5), Of<InitProducerIdResponse>(0, 5),
    ];

    public static TMessage Decode<TMessage>(byte[] bytes, short version, bool flexible)
        where TMessage : struct, IWire
    {
        var reader = new WireReader(bytes, version, flexible);
        TMessage message = default;
        message.Transfer(ref reader);
        Assert.Equal(0, reader.Remaining);
        return message;
    }

    /// <summary>The message's bytes, without frame length and response header.</summary>
    public static byte[] Encode<TMessage>(TMessage message, short version, bool flexible)
        where TMessage : struct, IWire
    {
        using var frame = new ResponseFrame();
        frame.Start(0, tags: false);
        var writer = new WireWriter(frame, version, flexible);
        message.Transfer(ref writer);
        return frame.ToArray()[8..];
    }

    private static WireCase Of<TMessage>(short first, short last)
        where TMessage : struct, IWire =>
        new(typeof(TMessage).Name, first, last, (b, v, f) => Decode<TMessage>(b, v, f), (m, v, f) => Encode((TMessage)m, v, f));
}
