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
        Of<OffsetCommitRequest>(2, 9), Of<OffsetCommitResponse>(2, 9),
        Of<OffsetFetchRequest>(1, 9), Of<OffsetFetchResponse>(1, 9),
        Of<JoinGroupRequest>(0, 9), Of<JoinGroupResponse>(0, 9),
        Of<HeartbeatRequest>(0, 4), Of<HeartbeatResponse>(0, 4),
        Of<LeaveGroupRequest>(0, 5), Of<LeaveGroupResponse>(0, 5),
        Of<SyncGroupRequest>(0, 5), Of<SyncGroupResponse>(0, 5),
        Of<DescribeGroupsRequest>(0, 5), Of<DescribeGroupsResponse>(0, 5),
        Of<ListGroupsRequest>(0, 5), Of<ListGroupsResponse>(0, 5),
        Of<OffsetDeleteRequest>(0, 0), Of<OffsetDeleteResponse>(0, 0),
        Of<SaslHandshakeRequest>(0, 1), Of<SaslHandshakeResponse>(0, 1),
        Of<SaslAuthenticateRequest>(0, 2), Of<SaslAuthenticateResponse>(0, 2),
        Of<DeleteRecordsRequest>(0, 2), Of<DeleteRecordsResponse>(0, 2),
        Of<OffsetForLeaderEpochRequest>(2, 4), Of<OffsetForLeaderEpochResponse>(2, 4),
        Of<DescribeConfigsRequest>(1, 4), Of<DescribeConfigsResponse>(1, 4),
        Of<AlterConfigsRequest>(0, 2), Of<AlterConfigsResponse>(0, 2),
        Of<CreatePartitionsRequest>(0, 3), Of<CreatePartitionsResponse>(0, 3),
        Of<DeleteGroupsRequest>(0, 2), Of<DeleteGroupsResponse>(0, 2),
        Of<IncrementalAlterConfigsRequest>(0, 1), Of<IncrementalAlterConfigsResponse>(0, 1),
        Of<DescribeClusterRequest>(0, 1), Of<DescribeClusterResponse>(0, 1),
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
