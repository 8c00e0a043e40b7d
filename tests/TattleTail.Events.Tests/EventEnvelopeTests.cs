using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;

namespace TattleTail.Events.Tests;

public sealed class EventEnvelopeTests
{
    [Fact]
    public void Write_AnyEvent_ReadsBackTheSame() => EventGen.Events.Sample(@event =>
    {
        foreach (var encoder in (JavaScriptEncoder[])[JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping])
        {
            var json = Written(new RecordedEvent("orders", 2, 3, 4, TimestampType.CreateTime, 5, @event), encoder);

            Assert.True(EventEnvelope.IsEnvelope(json));
            Assert.False(json.AsSpan().ContainsAny("\r\n"u8));
            EventGen.AssertSame(@event, EventEnvelope.Read(json, 0));
        }
    });

    /// <summary>The layout of docs/formats/events.md.</summary>
    [Fact]
    public void Write_Layout_IsFrozen()
    {
        EventHeader[] headers = [new("content-type", "text/plain"u8.ToArray()), new("x", null), new("x", ""u8.ToArray()), new("raw", (byte[])[0xff])];
        var recorded = new RecordedEvent(
            "orders", 2, 3, 4, TimestampType.LogAppendTime, 1_700_000_000_123_456, new Event(1_700_000_000_123, null, headers, "a \"b\"\n"u8.ToArray()));

        Assert.Equal(
            """
            {"channel":"orders","incarnation":2,"partition":3,"offset":4,"timestamp":1700000000123,"time":"2023-11-14T22:13:20.123Z",
            "timestampType":"recorder","recordedAt":"2023-11-14T22:13:20.123456Z","key":null,
            "headers":[["content-type","text/plain"],["x",null],["x",""],["raw",{"base64":"/w=="}]],"body":"a \"b\"\n"}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(Written(recorded, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)));
    }

    [Theory]
    [InlineData(long.MinValue, "\"-9223372036854775808\"")]
    [InlineData(-1, "-1,\"time\":\"1969-12-31T23:59:59.999Z\"")]
    [InlineData(9007199254740991, "9007199254740991")]
    [InlineData(9007199254740992, "\"9007199254740992\"")]
    public void Write_Timestamp_IsAStringWhereDoublesLoseDigits(long timestamp, string expected)
    {
        var json = Encoding.UTF8.GetString(Written(new RecordedEvent("c", 1, 0, 0, TimestampType.CreateTime, 0, new Event(timestamp, null, [], null)), JavaScriptEncoder.Default));

        Assert.Contains($"\"timestamp\":{expected},\"timestampType\":\"sender\"", json, StringComparison.Ordinal);
        Assert.Equal(timestamp, Read(json).Timestamp);
    }

    [Fact]
    public void Read_OnlyABody_TakesTheTimeOfReceipt()
    {
        var read = Read("""{"body":"x"}""");

        EventGen.AssertSame(new Event(77, null, [], "x"u8.ToArray()), read);
        Assert.Null(read.Key);
    }

    [Fact]
    public void Read_TimeWithoutTimestamp_TakesTheTime()
    {
        Assert.Equal(1_700_000_000_123, Read("""{"time":"2023-11-14T23:13:20.1239+01:00","body":null}""").Timestamp);
        Assert.Equal(5, Read("""{"time":"2023-11-14T22:13:20Z","timestamp":5,"body":null}""").Timestamp);
    }

    [Theory]
    [InlineData("", "invalid JSON at line 1")]
    [InlineData("[]", "an event is a JSON object")]
    [InlineData("{}", "needs a body")]
    [InlineData("""{"body":"x"} {}""", "invalid JSON")]
    [InlineData("""{"body":"x","boddy":1}""", "no member 'boddy'")]
    [InlineData("""{"body":"x","body":"y"}""", "'body' stands there twice")]
    [InlineData("""{"body":1}""", "body must be a string")]
    [InlineData("""{"body":{"base64":"!"}}""", "body as an object")]
    [InlineData("""{"body":{"base64":"","more":1}}""", "body as an object")]
    [InlineData("""{"body":"\ud800"}""", "half of a surrogate pair")]
    [InlineData("""{"body":"x","headers":{"a":"b"}}""", "array of pairs")]
    [InlineData("""{"body":"x","headers":[["a"]]}""", "header 'a'")]
    [InlineData("""{"body":"x","headers":[["a","b","c"]]}""", "a pair")]
    [InlineData("""{"body":"x","headers":[[null,"b"]]}""", "a pair")]
    [InlineData("""{"body":"x","timestamp":1.5}""", "whole number")]
    [InlineData("""{"body":"x","timestamp":9223372036854775808}""", "whole number")]
    [InlineData("""{"body":"x","time":"yesterday"}""", "time must be")]
    public void Read_NoEnvelope_TellsWhatIsWrong(string json, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidEventException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NotUtf8_IsRefused() => Assert.Throws<InvalidEventException>(() => EventEnvelope.Read((byte[])[.. "{\"body\":\""u8, 0xff, .. "\"}"u8], 0));

    [Theory]
    [InlineData("""{"specversion":"1.0"}""", false)]
    [InlineData("""{"data":{"specversion":"1.0"},"body":""}""", true)]
    [InlineData("""{"a":1,"spec\u0076ersion":"1.0"}""", false)]
    [InlineData("""{"a":""", true)]
    [InlineData("""["specversion"]""", true)]
    public void IsEnvelope_NoSpecversionAtTheTop_IsOne(string json, bool expected) => Assert.Equal(expected, EventEnvelope.IsEnvelope(Encoding.UTF8.GetBytes(json)));

    private static Event Read(string json) => EventEnvelope.Read(Encoding.UTF8.GetBytes(json), 77);

    private static byte[] Written(RecordedEvent recorded, JavaScriptEncoder encoder)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = encoder }))
        {
            EventEnvelope.Write(writer, recorded);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
