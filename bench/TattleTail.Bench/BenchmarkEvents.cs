using System.Globalization;
using System.Text;
using Confluent.Kafka;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Bench;

/// <summary>Events as businesses send them: a key, four headers, a JSON body that compresses about as such bodies do.</summary>
internal static class BenchmarkEvents
{
    /// <summary>Bytes of key, headers and body together.</summary>
    public const int EventBytes = 550;

    private static readonly string[] HeaderNames = ["ce_id", "ce_type", "ce_source", "traceparent"];

    public static Message<byte[], byte[]> Message(int i)
    {
        var headers = new Headers();
        foreach (string name in HeaderNames)
        {
            headers.Add(name, HeaderValue(name, i));
        }

        return new Message<byte[], byte[]> { Key = Key(i), Value = Body(i), Headers = headers };
    }

    /// <summary>One uncompressed batch.</summary>
    public static byte[] Batch(int events, int first = 0)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, -1);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < events; i++)
        {
            EventHeader[] headers = [.. HeaderNames.Select(name => new EventHeader(name, HeaderValue(name, first + i)))];
            if (!builder.TryAdd(i, new Event(now, Key(first + i), headers, Body(first + i))))
            {
                throw new InvalidOperationException("The batch of the benchmark took no further event.");
            }
        }

        return builder.Finish().ToArray();
    }

    private static byte[] Key(int i) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"customer-{i % 1000:D6}"));

    private static byte[] HeaderValue(string name, int i) => Encoding.ASCII.GetBytes(name switch
    {
        "ce_id" => string.Create(CultureInfo.InvariantCulture, $"{i:x8}-4d1c-4b5e-9f00-{i * 7919L:x12}"),
        "ce_type" => "com.example.order.placed.v1",
        "ce_source" => "/shop/checkout",
        _ => string.Create(CultureInfo.InvariantCulture, $"00-{i * 104729L:x32}-{i:x16}-01"),
    });

    private static byte[] Body(int i)
    {
        int others = Key(i).Length + HeaderNames.Sum(name => name.Length + HeaderValue(name, i).Length);
        var body = new StringBuilder(EventBytes);
        body.Append(CultureInfo.InvariantCulture, $"{{\"order\":{i},\"total\":{i * 37 % 10_000},\"currency\":\"EUR\",\"lines\":[");
        for (int line = 0; body.Length < EventBytes - others - 2; line++)
        {
            body.Append(CultureInfo.InvariantCulture, $"{{\"sku\":\"{(i * 31L) + (line * 977):x8}\",\"n\":{line + 1}}},");
        }

        body.Length = EventBytes - others - 2;
        return Encoding.ASCII.GetBytes(body.Append("]}").ToString());
    }
}
