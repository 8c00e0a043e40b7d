using System.Buffers.Binary;
using TattleTail.Spew.Protocol;

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

    private delegate void TransferOne(ref WireReader reader);

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
