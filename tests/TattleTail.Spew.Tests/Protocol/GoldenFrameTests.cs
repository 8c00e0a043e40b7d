using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Tests.Protocol;

/// <summary>Frames written out by hand from the protocol guide: they hold without Kafka's schema files.</summary>
public sealed class GoldenFrameTests
{
    [Fact]
    public void ApiVersionsRequest_Version3_IsRead()
    {
        byte[] frame = Hex("0012 0003 00000007 0004 72646B61", "00", "07 6C69627264 6B", "04 322E36", "00");

        RequestHeader header = RequestHeader.Read(frame, flexible: true, out int size);
        ApiVersionsRequest request = WireCase.Decode<ApiVersionsRequest>(frame[size..], 3, flexible: true);

        Assert.Equal(new RequestHeader(18, 3, 7, "rdka"), header);
        Assert.Equal(("librdk", "2.6"), (request.ClientSoftwareName, request.ClientSoftwareVersion));
    }

    [Fact]
    public void ProduceRequest_Version3_IsReadWithItsRecordsInPlace()
    {
        byte[] frame = Hex("FFFF", "FFFF", "00007530", "00000001", "0003 6F7264", "00000001", "00000002", "00000004 DEADBEEF");

        ProduceRequest request = WireCase.Decode<ProduceRequest>(frame, 3, flexible: false);
        Memory<byte> records = request.TopicData[0].PartitionData[0].Records!.Value;
        records.Span[0] = 0xAA;

        Assert.Null(request.TransactionalId);
        Assert.Equal((-1, 30_000, "ord", 2), (request.Acks, request.TimeoutMs, request.TopicData[0].Name, request.TopicData[0].PartitionData[0].Index));
        Assert.Equal(0xAA, frame[^4]);
    }

    [Fact]
    public void JoinGroupRequest_Version0_IsReadWithItsDefaults()
    {
        byte[] frame = Hex("0002 6731", "00007530", "0000", "0008 636F6E73756D6572", "00000001", "0005 72616E6765", "00000003 000102");

        JoinGroupRequest request = WireCase.Decode<JoinGroupRequest>(frame, 0, flexible: false);

        Assert.Equal(("g1", 30_000, -1, "", null, "consumer"), (request.GroupId, request.SessionTimeoutMs, request.RebalanceTimeoutMs, request.MemberId, request.GroupInstanceId, request.ProtocolType));
        JoinGroupProtocol protocol = Assert.Single(request.Protocols);
        Assert.Equal("range", protocol.Name);
        Assert.Equal([0, 1, 2], protocol.Metadata.ToArray());
    }

    [Fact]
    public void JoinGroupResponse_Version5AndAnError_HasNoNull()
    {
        var response = new JoinGroupResponse { ErrorCode = 79, GenerationId = -1, Leader = "", MemberId = "m" };

        AssertBytes(WireCase.Encode(response, 5, flexible: false), "00000000 004F FFFFFFFF 0000 0000 0001 6D 00000000");
    }

    [Fact]
    public void MetadataResponse_Version1_IsWritten()
    {
        var response = new MetadataResponse
        {
            Brokers = [new MetadataResponseBroker { NodeId = 1, Host = "::1", Port = 9092 }],
            ControllerId = 1,
            Topics =
            [
                new MetadataResponseTopic
                {
                    Name = "a",
                    Partitions = [new MetadataResponsePartition { PartitionIndex = 0, LeaderId = 1, LeaderEpoch = 9, ReplicaNodes = [1], IsrNodes = [1], OfflineReplicas = [] }],
                },
            ],
        };

        AssertBytes(
            WireCase.Encode(response, 1, flexible: false),
            "00000001 00000001 0003 3A3A31 00002384 FFFF",
            "00000001",
            "00000001 0000 0001 61 00",
            "00000001 0000 00000000 00000001 00000001 00000001 00000001 00000001");
    }

    [Fact]
    public void FetchResponse_Version12_IsWrittenWithItsBatches()
    {
        var response = new FetchResponse
        {
            Responses =
            [
                new FetchTopicResponse
                {
                    Topic = "a",
                    Partitions =
                    [
                        new FetchPartitionResponse
                        {
                            PartitionIndex = 3,
                            HighWatermark = 5,
                            LastStableOffset = 5,
                            LogStartOffset = 1,
                            PreferredReadReplica = -1,
                            Records = new BatchRun([new LogBatch(0, Hex("AABB")), new LogBatch(0, Hex("CC")), new LogBatch(0, Hex("DD"))], count: 2, bytes: 3),
                        },
                    ],
                },
            ],
        };

        AssertBytes(
            WireCase.Encode(response, 12, flexible: true),
            "00000000 0000 00000000 02",
            "02 61 02",
            "00000003 0000 0000000000000005 0000000000000005 0000000000000001 00 FFFFFFFF 04 AABBCC 00",
            "00 00");
    }

    [Fact]
    public void ResponseFrame_WithTags_HasLengthAndHeader()
    {
        using var frame = new ResponseFrame();
        frame.Start(0x01020304, tags: true);
        frame.Splice(Hex("AA"));

        AssertBytes(frame.ToArray(), "00000006 01020304 00 AA");
    }

    private static void AssertBytes(byte[] actual, params string[] expected) => Assert.Equal(Convert.ToHexString(Hex(expected)), Convert.ToHexString(actual));

    private static byte[] Hex(params string[] parts) => Convert.FromHexString(string.Concat(parts).Replace(" ", "", StringComparison.Ordinal));
}
