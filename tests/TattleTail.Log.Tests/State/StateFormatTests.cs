using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Journal;
using TattleTail.Log.State;

namespace TattleTail.Log.Tests.State;

/// <summary>The bytes of docs/formats/state.md. A change of any number here is a change of the format: it needs a new version, and the old one must still be read.</summary>
public class StateFormatTests
{
    private static readonly Guid Id = new("00112233-4455-6677-8899-aabbccddeeff");

    public static TheoryData<string, string> Changes => new()
    {
        { nameof(NodeCreated), "010100112233445566778899AABBCCDDEEFF" },
        { nameof(ChannelCreated), "02010100000001006F0100000000112233445566778899AABBCCDDEEFF040073706577010061020000000105000000060064656C65746507000000" + "00000000" },
        { nameof(ChannelClosed), "030101000000" },
        { nameof(ProducerIdsReserved), "0401E803000000000000" },
        { nameof(Sealed), "0501010000000100000002000000" + "0300000000000000" + "0400000000000000" + "0500000000000000" + "0600000000000000" },
        { nameof(LogStartMoved), "060101000000020000000300000000000000" },
        { nameof(OffsetsSkipped), "070101000000020000000300000000000000" },
        { nameof(GapsFound), "0801010000000200000001000000" + "0300000000000000" + "0400000000000000" },
        { nameof(IncarnationSettled), "09010100000002000000" },
        { nameof(PartitionsAdded), "0A010100000003000000" },
        { nameof(ChannelConfigured), "0B0101000000" + "0105000000060064656C6574650700000000000000" },
        { nameof(OffsetsCommitted), "1001010067" + "0800000000000000" + "01000000" + "0100000002000000" + "0300000000000000" + "04000000" + "01006D" },
        { nameof(OffsetsForgotten), "1101010067" + "01000000" + "0100000002000000" },
        { nameof(GroupStored), "1201010067" + "02000000" + "0506" },
        { nameof(GroupDeleted), "1301010067" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void StateChange_Encoded_HasTheBytesOfTheFormat(string kind, string bytes)
    {
        var encoded = StateChangeCodec.Encode(Sample(kind)).ToArray();

        Assert.Equal(bytes, Convert.ToHexString(encoded));
        Assert.Equal(bytes, Convert.ToHexString(StateChangeCodec.Encode(StateChangeCodec.Decode(encoded)).Span));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void StateChange_CutOrLengthened_IsRefused(string kind, string bytes)
    {
        Assert.NotEmpty(kind);
        var whole = Convert.FromHexString(bytes);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<JournalFormatException>(() => StateChangeCodec.Decode(whole.AsSpan(0, length)));
        }

        Assert.Throws<JournalFormatException>(() => StateChangeCodec.Decode([.. whole, 0]));
    }

    [Theory]
    [InlineData("0102")]
    [InlineData("0001")]
    [InlineData("0C01")]
    [InlineData("2001")]
    [InlineData("0A01" + "01000000" + "00000000")]
    [InlineData("0501FFFFFF7F")]
    [InlineData("0501FFFFFFFF")]
    public void StateChange_OfAnotherVersionOrAbsurdCount_IsRefused(string bytes) =>
        Assert.Throws<JournalFormatException>(() => StateChangeCodec.Decode(Convert.FromHexString(bytes)));

    [Fact]
    public void Snapshot_OfASmallState_HasTheBytesOfTheFormat()
    {
        const string Expected =
            "5454" + "4E53" + "0100" + "0000" + "00112233445566778899AABBCCDDEEFF" + "E803000000000000" + "0F00000000000000" + "01000000"
            + "0100000001006F0100000000112233445566778899AABBCCDDEEFF040073706577010061020000000105000000060064656C6574650700000000000000" + "00"
            + "0200000000000000" + "0000000000000000" + "0000000000000000" + "0200000000000000" + "4A00000000000000" + "0000000000000000" + "0000000000000000"
            + "0F00000000000000" + "0F00000000000000" + "0F00000000000000" + "6400000000000000" + "6500000000000000" + "01000000" + "03000000" + "0000000000000000" + "00000000"
            + "0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000" + "0000000000000000"
            + "FFFFFFFFFFFFFFFF" + "FFFFFFFFFFFFFFFF" + "FFFFFFFFFFFFFFFF" + "0000000000000000" + "0000000000000000" + "00000000" + "00000000"
            + "01000000" + "01000000" + "00000000" + "0900000000000000" + "0100" + "0F00000000000000" + "01" + "07000000" + "08000000" + "0000000000000000" + "FFFFFFFFFFFFFFFF"
            + "00000000";

        var bytes = Snapshots.Encode(SmallState()).ToArray();

        Assert.Equal(Expected, Convert.ToHexString(bytes.AsSpan(0, bytes.Length - 4)));
        Assert.Equal(bytes, Snapshots.Encode(Snapshots.Decode(bytes)).ToArray());
    }

    [Fact]
    public void Snapshot_WithGroups_HasASectionOfThem()
    {
        const string Groups =
            "01000000" + "0100" + "30000000" + "01000000" + "010067" + "020000000506" + "01000000" + "0100000001000000" + "0300000000000000" + "04000000" + "0800000000000000" + "01006D";
        var state = SmallState();
        state.Apply(new GroupStored("g", new byte[] { 5, 6 }));
        state.Apply(new OffsetsCommitted("g", 8, [new CommittedPart(new StreamPartition(1, 1), new GroupCommit(3, 4, 8, "m"))]));

        var bytes = Snapshots.Encode(state).ToArray();

        Assert.EndsWith(Groups, Convert.ToHexString(bytes.AsSpan(0, bytes.Length - 4)), StringComparison.Ordinal);
        var again = Snapshots.Decode(bytes);
        Assert.Equal(bytes, Snapshots.Encode(again).ToArray());
        Assert.Equal(state.Groups.Bytes, again.Groups.Bytes);
        again.Apply(new ChannelClosed(1));
        Assert.Empty(again.Groups.Find("g")!.Commits);
        again.Apply(new GroupDeleted("g"));
        Assert.Equal(0, again.Groups.Bytes);
    }

    [Fact]
    public void Snapshot_WithAnyByteChanged_IsRefused()
    {
        var bytes = Snapshots.Encode(SmallState()).ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            Assert.Throws<JournalFormatException>(() => Snapshots.Decode(bytes));
            bytes[i] ^= 0x10;
        }
    }

    [Fact]
    public void Producers_MoreThanTheLimit_ForgetTheLongestIdle()
    {
        var partition = SmallState().Find(new StreamPartition(1, 1))!;
        var table = new ProducerTable();
        for (var id = 0; id <= ProducerTable.MaxProducers; id++)
        {
            table.Note(partition, HeaderOf(id, 1, 0, 0, 1), id);
        }

        Assert.Equal(ProducerTable.MaxProducers, table.Count);
        Assert.False(partition.Producers.ContainsKey(0));
        Assert.True(partition.Producers.ContainsKey(1));

        table.Expire(ProducerTable.IdleMicros + 3);
        Assert.False(partition.Producers.ContainsKey(2));
        Assert.True(partition.Producers.ContainsKey(3));
    }

    internal static RecordBatchHeader HeaderOf(long producer, short epoch, int sequence, long baseOffset, int count) => new()
    {
        BaseOffset = baseOffset,
        BatchLength = 62,
        LeaderEpoch = 3,
        Magic = 2,
        Crc = 0,
        Attributes = 0,
        LastOffsetDelta = count - 1,
        BaseTimestamp = 100,
        MaxTimestamp = 101,
        ProducerId = producer,
        ProducerEpoch = epoch,
        BaseSequence = sequence,
        Count = count,
    };

    private static StateChange Sample(string kind) => kind switch
    {
        nameof(NodeCreated) => new NodeCreated(Id),
        nameof(ChannelCreated) => Channel(),
        nameof(ChannelClosed) => new ChannelClosed(1),
        nameof(ProducerIdsReserved) => new ProducerIdsReserved(1_000),
        nameof(Sealed) => new Sealed([new SealedPart(1, 2, 3, 4, 5, 6)]),
        nameof(LogStartMoved) => new LogStartMoved(1, 2, 3),
        nameof(OffsetsSkipped) => new OffsetsSkipped(1, 2, 3),
        nameof(GapsFound) => new GapsFound(1, 2, [new OffsetGap(3, 4)]),
        nameof(IncarnationSettled) => new IncarnationSettled(1, 2),
        nameof(PartitionsAdded) => new PartitionsAdded(1, 3),
        nameof(ChannelConfigured) => new ChannelConfigured(1, Channel().Config),
        nameof(OffsetsCommitted) => new OffsetsCommitted("g", 8, [new CommittedPart(new StreamPartition(1, 2), new GroupCommit(3, 4, 8, "m"))]),
        nameof(OffsetsForgotten) => new OffsetsForgotten("g", [new StreamPartition(1, 2)]),
        nameof(GroupStored) => new GroupStored("g", new byte[] { 5, 6 }),
        _ => new GroupDeleted("g"),
    };

    private static ChannelCreated Channel() => new(
        1, "o", 1, Id, "spew", "a", 2, new ChannelConfig { TimestampType = TimestampType.LogAppendTime, MaxMessageBytes = 5, RetentionMs = 7 });

    private static NodeState SmallState()
    {
        var state = new NodeState();
        state.Apply(new NodeCreated(Id));
        state.Apply(Channel());
        state.Apply(new ProducerIdsReserved(1_000));
        state.Apply(state.Find(new StreamPartition(1, 0))!, HeaderOf(9, 1, 7, 0, 2) with { Attributes = 0 }, 15);
        return state;
    }
}
