using System.Buffers;
using System.Text;
using System.Text.Json;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Events.Tests;

/// <summary>JSON damaged at random, from fixed seeds: it is read, or refused by the documented exception; and what was read is written as an event again.</summary>
public sealed class JsonMutationTests
{
    private const string CloudEvent = """
        {"specversion":"1.0","id":"1\u00e9","source":"/s","type":"t","time":"2023-11-14T22:13:20.5+01:00","partitionkey":"k",
         "correlationid":"c", "data":{"a":[1,2.50,null,"\ud83d\ude00"]}}
        """;

    private const string Envelope = """
        {"channel":"c","offset":1,"timestamp":"-9223372036854775808","time":"2023-11-14T22:13:20.123Z","key":"k\n","headers":[["a",null],["b","\u0000"],["c",{"base64":"/w=="}]],"body":{"base64":"AAE="}}
        """;

    private static readonly byte[] Fragments = Encoding.UTF8.GetBytes("{}[]\",:\\0-9eu \n\t\0\u00ff\ud83d\ude00null");

    [Fact]
    public void FromStructured_DamagedJson_IsReadOrRefused() => Damage(CloudEvent, json =>
    {
        var read = CloudEventCodec.FromStructured(json, 0);
        Assert.True(json.AsSpan().SequenceEqual(read.Body!.Value.Span));
        AssertIsCloudEvent(Written(read));
        EventIdentity.Of(read);
    });

    [Fact]
    public void FromBatch_DamagedJson_IsReadOrRefused() => Damage("[" + CloudEvent + "," + CloudEvent + "]", json => CloudEventCodec.FromBatch(json, 0, 2));

    [Fact]
    public void Read_DamagedEnvelope_IsReadOrRefused() => Damage(Envelope, json =>
    {
        EventEnvelope.IsEnvelope(json);
        EventEnvelope.Read(json, 0);
    });

    /// <summary>A producer of the Kafka protocol may call anything a structured CloudEvent.</summary>
    [Fact]
    public void WriteStructured_DamagedBody_IsACloudEventAllTheSame() => Damage(CloudEvent, json =>
    {
        var @event = new Event(0, null, [new("content-type", "application/cloudevents+json"u8.ToArray())], json);
        EventIdentity.Of(@event);
        AssertIsCloudEvent(Written(@event));
    });

    private static void AssertIsCloudEvent(byte[] json) => Assert.Null(Record.Exception(() => CloudEventCodec.FromStructured(json, 0)));

    private static byte[] Written(Event @event)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            CloudEventCodec.WriteStructured(writer, new RecordedEvent("orders", 1, 0, 0, TimestampType.CreateTime, 0, @event));
        }

        Assert.False(buffer.WrittenSpan.ContainsAny("\r\n"u8));
        return buffer.WrittenSpan.ToArray();
    }

    private static void Damage(string json, Action<byte[]> read)
    {
        var random = new Random(3);
        var whole = Encoding.UTF8.GetBytes(json);
        read(whole);
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = whole.ToList();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(damaged.Count);
                switch (random.Next(3))
                {
                    case 0:
                        damaged[at] = Fragments[random.Next(Fragments.Length)];
                        break;
                    case 1:
                        damaged.Insert(at, Fragments[random.Next(Fragments.Length)]);
                        break;
                    default:
                        damaged.RemoveRange(at, Math.Min(random.Next(1, 6), damaged.Count - at));
                        break;
                }
            }

            try
            {
                read([.. damaged]);
            }
            catch (InvalidEventException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }
}
