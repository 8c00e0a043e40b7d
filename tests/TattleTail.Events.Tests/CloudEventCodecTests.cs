using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Events.Tests;

public sealed class CloudEventCodecTests
{
    private const string Required = """
        "specversion":"1.0","id":"1","source":"/s","type":"t"
        """;

    [Fact]
    public void FromStructured_Body_StaysByteForByte()
    {
        var json = Encoding.UTF8.GetBytes("{ " + Required + ", \"time\":\"2023-11-14T22:13:20.5+00:00\",\r\n \"partitionkey\":\"k\\u00fc\", \"data\" : {\"a\":1.0e0} }");

        var @event = CloudEventCodec.FromStructured(json, 7);

        EventGen.AssertSame(
            new Event(1_700_000_000_500, "kü"u8.ToArray(), [new("content-type", "application/cloudevents+json"u8.ToArray())], json), @event);
    }

    [Fact]
    public void FromStructured_NoTimeAndNoKey_TakesTheTimeOfReceipt()
    {
        var @event = CloudEventCodec.FromStructured(Encoding.UTF8.GetBytes("{" + Required + "}"), 7);

        Assert.Equal(7, @event.Timestamp);
        Assert.Null(@event.Key);
    }

    [Fact]
    public void FromStructured_NamesThatRepeat_TellsTheFirst()
    {
        CloudEventCodec.FromStructured(Encoding.UTF8.GetBytes("{" + Required + ",\"id\":\"2\",\"source\":\"/other\"}"), 7, out var id);

        Assert.Equal(new CloudEventId("/s", "1"), id);
    }

    [Theory]
    [InlineData("", "invalid JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("""{"id":"1","source":"/s","type":"t"}""", "needs specversion")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/s","type":"t"}""", "\"0.3\" is not understood")]
    [InlineData("""{"specversion":"1.0","source":"/s","type":"t"}""", "needs id")]
    [InlineData("""{"specversion":"1.0","id":"","source":"/s","type":"t"}""", "needs id")]
    [InlineData("""{"specversion":"1.0","id":1,"source":"/s","type":"t"}""", "id must be a string")]
    [InlineData("""{"specversion":"1.0","id":"1","source":null,"type":"t"}""", "needs source")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"soon"}""", "time \"soon\"")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data":1,"data_base64":""}""", "not both")]
    [InlineData("""{"specversion":"1.0","id":"\ud800","source":"/s","type":"t"}""", "surrogate")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t"} x""", "invalid JSON")]
    public void FromStructured_NoCloudEvent_TellsWhatIsWrong(string json, string message) => Assert.Contains(
        message, Assert.Throws<InvalidEventException>(() => CloudEventCodec.FromStructured(Encoding.UTF8.GetBytes(json), 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void FromStructured_NestedAtTheLimitAndOneMore_IsTakenAndRefused()
    {
        // The object itself is the first level.
        Assert.Equal(0, CloudEventCodec.FromStructured(Nested(127), 0).Timestamp);
        Assert.Throws<InvalidEventException>(() => CloudEventCodec.FromStructured(Nested(128), 0));

        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes("{" + Required + ",\"data\":" + new string('[', depth) + new string(']', depth) + "}");
    }

    [Fact]
    public void FromBatch_Elements_KeepTheirBytes()
    {
        var first = "{" + Required + ",\"data\":[1, 2]}";
        var second = "{ " + Required + " , \"partitionkey\":\"k\" }";
        var json = Encoding.UTF8.GetBytes($" [ {first} ,\n{second} ] ");

        var events = CloudEventCodec.FromBatch(json, 7, 2);

        Assert.Equal([first, second], events.Select(e => Encoding.UTF8.GetString(e.Body!.Value.Span)));
        Assert.Contains("more than 1", Assert.Throws<InvalidEventException>(() => CloudEventCodec.FromBatch(json, 7, 1)).Message, StringComparison.Ordinal);
        Assert.Empty(CloudEventCodec.FromBatch("[]"u8.ToArray(), 7, 0));
    }

    [Theory]
    [InlineData("{}", "JSON array")]
    [InlineData("[{}]", "event 1 of the batch: a CloudEvent needs specversion")]
    [InlineData("[1]", "event 1 of the batch: a CloudEvent is a JSON object")]
    [InlineData("[", "invalid JSON")]
    [InlineData("[] []", "invalid JSON")]
    public void FromBatch_NoBatch_TellsWhatIsWrong(string json, string message) => Assert.Contains(
        message, Assert.Throws<InvalidEventException>(() => CloudEventCodec.FromBatch(Encoding.UTF8.GetBytes(json), 0, 10)).Message, StringComparison.Ordinal);

    [Fact]
    public void FromBinary_Attributes_BecomeHeaders()
    {
        var @event = CloudEventCodec.FromBinary(
            [new("specversion", "1.0"), new("Id", "1"), new("source", "/s"), new("type", "t"), new("partitionkey", "kü"), new("time", "2023-11-14T22:13:20Z")],
            "application/json", "{}"u8.ToArray(), 7);

        EventHeader[] headers =
        [
            Header("content-type", "application/json"), Header("ce_specversion", "1.0"), Header("ce_id", "1"), Header("ce_source", "/s"), Header("ce_type", "t"),
            Header("ce_partitionkey", "kü"), Header("ce_time", "2023-11-14T22:13:20Z"),
        ];
        EventGen.AssertSame(new Event(1_700_000_000_000, "kü"u8.ToArray(), headers, "{}"u8.ToArray()), @event);
    }

    [Fact]
    public void FromBinary_EmptyBody_IsNullUnlessItsTypeIsNamed()
    {
        KeyValuePair<string, string>[] attributes = [new("specversion", "1.0"), new("id", "1"), new("source", "/s"), new("type", "t")];

        Assert.Null(CloudEventCodec.FromBinary(attributes, null, default, 7).Body);
        Assert.Equal(0, CloudEventCodec.FromBinary(attributes, "text/plain", default, 7).Body!.Value.Length);
    }

    [Theory]
    [InlineData("id", "2", "given twice")]
    [InlineData("data", "2", "reserved")]
    [InlineData("my-name", "2", "no name of an attribute")]
    [InlineData("datacontenttype", "text/plain", "Content-Type")]
    [InlineData("time", "soon", "time \"soon\"")]
    public void FromBinary_WrongAttribute_TellsWhatIsWrong(string name, string value, string message)
    {
        KeyValuePair<string, string>[] attributes = [new("specversion", "1.0"), new("id", "1"), new("source", "/s"), new("type", "t"), new(name, value)];

        Assert.Contains(message, Assert.Throws<InvalidEventException>(() => CloudEventCodec.FromBinary(attributes, null, default, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromBinary_HalfASurrogatePair_IsRefused() => Assert.Throws<InvalidEventException>(() => CloudEventCodec.FromBinary(
        [new("specversion", "1.0"), new("id", "\ud800"), new("source", "/s"), new("type", "t")], null, default, 0));

    [Theory]
    [InlineData("Euro%20%E2%82%AC%20%f0%9F%98%80", "Euro € 😀")]
    [InlineData("\"a \\\"b\\\" %41\"", "a \"b\" A")]
    [InlineData("%2541", "%41")]
    [InlineData("plain +", "plain +")]
    [InlineData("\"", "\"")]
    public void Decode_HeaderValue_UnquotesAndDecodesOnce(string value, string expected) => Assert.Equal(expected, HttpHeaderValue.Decode(value));

    [Theory]
    [InlineData("%")]
    [InlineData("a%4")]
    [InlineData("%zz")]
    [InlineData("%ff")]
    [InlineData("%00%C3")]
    public void Decode_NoEncoding_IsRefused(string value) => Assert.Throws<InvalidEventException>(() => HttpHeaderValue.Decode(value));

    [Fact]
    public void WriteStructured_StructuredEvent_IsItsBodyOnOneLine()
    {
        Assert.Equal("{ " + Required + " }", Written(CloudEventCodec.FromStructured(Encoding.UTF8.GetBytes("{ " + Required + " }"), 0)));
        Assert.Equal(
            """{"specversion":"1.0","id":"1 \" ","source":"/s","type":"t","data":1.50}""",
            Written(CloudEventCodec.FromStructured("{\r\n\t\"specversion\": \"1.0\", \"id\":\"1 \\\" \",\"source\":\"/s\",\"type\":\"t\",\n\"data\" : 1.50 }"u8.ToArray(), 0)));
    }

    [Theory]
    [InlineData("application/json", """{"a": 1.0}""", """
        "datacontenttype":"application/json","data":{"a": 1.0}
        """)]
    [InlineData("application/json", "no json", """
        "datacontenttype":"application/json","data_base64":"bm8ganNvbg=="
        """)]
    [InlineData("application/json", "null", """
        "datacontenttype":"application/json","data_base64":"bnVsbA=="
        """)]
    [InlineData("text/plain; charset=utf-8", "a\nb", """
        "datacontenttype":"text/plain; charset=utf-8","data":"a\nb"
        """)]
    [InlineData("application/octet-stream", "ab", """
        "datacontenttype":"application/octet-stream","data_base64":"YWI="
        """)]
    [InlineData(null, "[1]", """
        "data":[1]
        """)]
    [InlineData(null, "ab", """
        "data_base64":"YWI="
        """)]
    public void WriteStructured_BinaryEvent_HasItsAttributesAndItsBody(string? contentType, string body, string expected)
    {
        var @event = CloudEventCodec.FromBinary(
            [new("specversion", "1.0"), new("id", "1"), new("source", "/s"), new("type", "t")], contentType, Encoding.UTF8.GetBytes(body), 7);

        Assert.Equal("{" + Required + "," + expected + "}", Written(@event));
    }

    [Fact]
    public void WriteStructured_EventThatWasNone_GetsAttributes()
    {
        var @event = new Event(1_700_000_000_000, "k"u8.ToArray(), [Header("NServiceBus.EnclosedMessageTypes", "Sales.Placed, Sales"), Header("correlation-id", "c")], null);

        Assert.Equal(
            """
            {"specversion":"1.0","id":"orders/2/3/4","source":"/channels/orders","type":"Sales.Placed","time":"2023-11-14T22:13:20.000Z","partitionkey":"k",
            "correlationid":"c"}
            """.ReplaceLineEndings(""),
            Written(@event));
    }

    [Fact]
    public void WriteStructured_AnyEvent_IsACloudEventOnOneLine() => EventGen.Events.Sample(@event =>
    {
        var json = Written(@event);

        Assert.DoesNotContain('\n', json);
        var read = CloudEventCodec.FromStructured(Encoding.UTF8.GetBytes(json), 0);
        Assert.Equal(@event.Body is null, !HasData(json));
        Assert.NotNull(EventIdentity.Of(read).EventId);
    });

    [Theory]
    [InlineData("2023-11-14T22:13:20Z", 1_700_000_000_000)]
    [InlineData("2023-11-14t22:13:20.123456789z", 1_700_000_000_123)]
    [InlineData("2023-11-15T00:13:20+02:00", 1_700_000_000_000)]
    [InlineData("2023-11-14T17:13:20-05:00", 1_700_000_000_000)]
    [InlineData("1969-12-31T23:59:59.9Z", -100)]
    [InlineData("2016-12-31T23:59:60Z", 1_483_228_800_000)]
    [InlineData("0001-01-01T00:00:00Z", -62_135_596_800_000)]
    [InlineData("9999-12-31T23:59:59.999Z", 253_402_300_799_999)]
    public void Rfc3339_Time_IsMilliseconds(string text, long expected)
    {
        Assert.True(Rfc3339.TryParse(text, out var millis));
        Assert.Equal(expected, millis);
    }

    [Theory]
    [InlineData("2023-11-14")]
    [InlineData("2023-11-14T22:13:20")]
    [InlineData("2023-02-29T22:13:20Z")]
    [InlineData("2023-11-14T24:13:20Z")]
    [InlineData("2023-11-14T22:13:20.Z")]
    [InlineData("2023-11-14T22:13:20+0100")]
    [InlineData("2023-11-14 22:13:20Z")]
    [InlineData("2023-1-14T22:13:20Z0")]
    [InlineData("0000-11-14T22:13:20Z")]
    [InlineData("+023-11-14T22:13:20Z")]
    public void Rfc3339_NoTime_IsRefused(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    private static bool HasData(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("data", out _) || document.RootElement.TryGetProperty("data_base64", out _);
    }

    private static EventHeader Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    private static string Written(Event @event)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            CloudEventCodec.WriteStructured(writer, new RecordedEvent("orders", 2, 3, 4, TimestampType.CreateTime, 5, @event));
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
