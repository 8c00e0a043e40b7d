using System.Buffers.Binary;
using System.Text;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Tests.Protocol;

/// <summary>What a client can say about lengths, believed or not.</summary>
public sealed class WireReaderTests
{
    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void Records_LengthThatCannotBe_IsMalformed(int length) => AssertMalformed(Prefixed(length, 4), false, static (ref WireReader reader) =>
    {
        Memory<byte>? records = null;
        reader.Records(ref records);
    });

    [Theory]
    [InlineData(-2)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Array_CountThatCannotBe_IsMalformed(int count) => AssertMalformed(Prefixed(count, 8), false, static (ref WireReader reader) =>
    {
        int[] values = [];
        reader.Int32s(ref values);
    });

    [Fact]
    public void Array_AtTheLimitOfElements_IsRead()
    {
        int[] values = [];
        var reader = new WireReader(Prefixed(WireReader.MaxElements, WireReader.MaxElements * 4), 0, flexible: false);

        reader.Int32s(ref values);

        Assert.Equal(WireReader.MaxElements, values.Length);
    }

    [Fact]
    public void Array_OneAboveTheLimitOfElements_IsMalformed() =>
        AssertMalformed(Prefixed(WireReader.MaxElements + 1, (WireReader.MaxElements + 1) * 4), false, static (ref WireReader reader) =>
        {
            int[] values = [];
            reader.Int32s(ref values);
        });

    [Fact]
    public void Array_Null_IsMalformedWhereNoneMayBe() => AssertMalformed([0], true, static (ref WireReader reader) =>
    {
        int[] values = [];
        reader.Int32s(ref values);
    });

    [Fact]
    public void Strings_Null_AreMalformedWhereNoneMayBe() => AssertMalformed([0], true, static (ref WireReader reader) =>
    {
        string[] values = [];
        reader.Strings(ref values);
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(-2)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void Bytes_LengthThatCannotBe_IsMalformed(int length) => AssertMalformed(Prefixed(length, 4), false, ReadBytes);

    [Fact]
    public void Bytes_OneAboveTheLimit_IsMalformed() => AssertMalformed(Prefixed(WireReader.MaxBytes + 1, WireReader.MaxBytes + 1), false, ReadBytes);

    [Fact]
    public void Bytes_AtTheLimit_AreACopy()
    {
        byte[] frame = Prefixed(WireReader.MaxBytes, WireReader.MaxBytes);
        frame[4] = 1;
        ReadOnlyMemory<byte> value = default;
        var reader = new WireReader(frame, 0, flexible: false);

        reader.Bytes(ref value);
        frame[4] = 2;

        Assert.Equal(WireReader.MaxBytes, value.Length);
        Assert.Equal(1, value.Span[0]);
    }

    [Theory]
    [InlineData("FFFE")]
    [InlineData("8000")]
    [InlineData("0002")]
    public void String_LengthThatCannotBe_IsMalformed(string hex) => AssertMalformed([.. Convert.FromHexString(hex), 65], false, static (ref WireReader reader) =>
    {
        string? value = null;
        reader.NullableString(ref value);
    });

    /// <summary>Bytes that are no UTF-8 are replaced, as Kafka does, without an object for each. Found by the fuzzer.</summary>
    [Fact]
    public void String_NotUtf8_IsReplacedWithMemoryInProportion()
    {
        byte[] bytes = new byte[20_000];
        new Random(1).NextBytes(bytes);
        byte[] frame = [20_000 >> 8, 20_000 & 0xFF, .. bytes];
        ReadString(frame);
        long before = GC.GetAllocatedBytesForCurrentThread();

        string read = ReadString(frame);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * frame.Length);
        Assert.Equal(Encoding.UTF8.GetString(bytes), read);
    }

    [Theory]
    [InlineData("8080808010")]
    [InlineData("FFFFFFFFFF01")]
    [InlineData("FFFFFFFF0F")]
    [InlineData("80")]
    public void String_CompactLengthThatCannotBe_IsMalformed(string hex) => AssertMalformed(Convert.FromHexString(hex), true, static (ref WireReader reader) =>
    {
        string? value = null;
        reader.NullableString(ref value);
    });

    [Theory]
    [InlineData(WireReader.MaxString, true)]
    [InlineData(WireReader.MaxString + 1, false)]
    public void String_CompactAtTheLimit_IsReadAndAboveItMalformed(int length, bool readable)
    {
        byte[] bytes = [(byte)((length + 1) | 0x80), (byte)(((length + 1) >> 7) | 0x80), (byte)((length + 1) >> 14), .. new byte[length]];
        TransferOne read = static (ref WireReader reader) =>
        {
            string value = "";
            reader.String(ref value);
            Assert.Equal(WireReader.MaxString, value.Length);
        };

        if (readable)
        {
            var reader = new WireReader(bytes, 0, flexible: true);
            read(ref reader);
        }
        else
        {
            AssertMalformed(bytes, true, read);
        }
    }

    [Theory]
    [InlineData("FFFFFFFF0F")]
    [InlineData("010005AABB")]
    [InlineData("0100FFFFFFFF0F")]
    [InlineData("02000000")]
    public void Tags_ThatDoNotFit_AreMalformed(string hex) => AssertMalformed(Convert.FromHexString(hex), true, static (ref WireReader reader) => reader.Tags());

    /// <summary>A count that the bytes left could just hold, of elements that are malformed: room is made as they come, not for what is said. Found by the fuzzer.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Array_CountThatLies_TakesMemoryInProportion(bool structures)
    {
        // Each length of a string is beyond the frame.
        byte[] frame = Prefixed(20_000, 20_000);
        frame.AsSpan(4).Fill(0x7F);
        TransferOne read = structures
            ? static (ref WireReader reader) =>
            {
                JoinGroupProtocol[] protocols = [];
                reader.Array(ref protocols);
            }
        : static (ref WireReader reader) =>
        {
            string[]? names = null;
            reader.NullableStrings(ref names);
        };
        BinaryPrimitives.WriteInt32BigEndian(frame, structures ? 20_000 : 10_000);
        AssertMalformed(frame, false, read);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertMalformed(frame, false, read);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, frame.Length);
    }

    [Fact]
    public void Array_OfManyElements_HasThemAll()
    {
        string[] sent = [.. Enumerable.Range(0, 1000).Select(i => $"{i}")];
        var request = new MetadataRequest { Topics = [.. sent.Select(name => new MetadataRequestTopic { Name = name })] };

        MetadataRequest read = WireCase.Decode<MetadataRequest>(WireCase.Encode(request, 1, flexible: false), 1, flexible: false);

        Assert.Equal(sent, read.Topics!.Select(topic => topic.Name));
    }

    private delegate void TransferOne(ref WireReader reader);

    private static string ReadString(byte[] frame)
    {
        string value = "";
        var reader = new WireReader(frame, 0, flexible: false);
        reader.String(ref value);
        return value;
    }

    private static void ReadBytes(ref WireReader reader)
    {
        ReadOnlyMemory<byte> value = default;
        reader.Bytes(ref value);
    }

    private static byte[] Prefixed(int length, int bytes)
    {
        byte[] frame = new byte[4 + bytes];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        return frame;
    }

    private static void AssertMalformed(byte[] bytes, bool flexible, TransferOne transfer) => Assert.Throws<MalformedFrameException>(() =>
    {
        var reader = new WireReader(bytes, 0, flexible);
        transfer(ref reader);
    });
}
