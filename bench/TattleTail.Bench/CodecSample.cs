using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using K4os.Compression.LZ4.Streams;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Bench;

/// <summary>The events that the codec is measured with, as like and unlike each other as orders are.</summary>
internal static class CodecSample
{
    /// <summary>Events of 550 bytes with four headers, in CloudEvents binary mode.</summary>
    public static Event[] Events(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i => new Event(1_700_000_000_000 + i, Utf8($"customer-{random.Next(100_000)}"), Headers(i), Utf8(Body(random, 380))))];
    }

    /// <summary>The same in CloudEvents structured mode.</summary>
    public static Event[] Structured(int count)
    {
        var random = new Random(1);
        EventHeader[] headers = [new("content-type", Utf8("application/cloudevents+json"))];
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Event(1_700_000_000_000 + i, Utf8($"customer-{random.Next(100_000)}"), headers, Utf8(
                $$"""{"specversion":"1.0","id":"{{Id(i)}}","source":"/shop","type":"com.example.order.placed","time":"2024-05-31T12:00:00Z","data":{{Body(random, 350)}}}"""))),
        ];
    }

    /// <summary>One uncompressed batch.</summary>
    public static ReadOnlyMemory<byte> Encode(RecordBatchBuilder builder, Event[] events)
    {
        builder.Start(0, 0);
        for (var i = 0; i < events.Length; i++)
        {
            if (!builder.TryAdd(i, events[i]))
            {
                throw new InvalidOperationException("the sample does not fit one batch");
            }
        }

        return builder.Finish();
    }

    /// <summary>The batch with its records compressed as clients do it.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> plain, BatchCompression codec)
    {
        var records = plain[RecordBatchHeader.Size..];
        using var target = new MemoryStream();
        target.Write(plain[..RecordBatchHeader.Size]);
        switch (codec)
        {
            case BatchCompression.None:
                target.Write(records);
                break;
            case BatchCompression.Snappy:
                target.Write(Snappier.Snappy.CompressToArray(records));
                break;
            default:
                using (var stream = Compressor(codec, target))
                {
                    stream.Write(records);
                }

                break;
        }

        var batch = target.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), (short)codec);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
        return batch;
    }

    private static Stream Compressor(BatchCompression codec, Stream target) => codec switch
    {
        BatchCompression.Gzip => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true),
        BatchCompression.Lz4 => LZ4Stream.Encode(target, new LZ4EncoderSettings { ChainBlocks = false }, leaveOpen: true),
        _ => new ZstdSharp.CompressionStream(target, leaveOpen: true),
    };

    private static EventHeader[] Headers(int i) =>
    [
        new("content-type", Utf8("application/json")), new("ce_specversion", Utf8("1.0")), new("ce_id", Utf8(Id(i))), new("ce_type", Utf8("com.example.order.placed")),
    ];

    private static string Body(Random random, int size)
    {
        var text = new StringBuilder("{");
        while (text.Length < size)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"field{random.Next(40)}\":\"{random.Next()}\",");
        }

        return text.Append("\"end\":true}").ToString();
    }

    private static string Id(int i) => new Guid(i, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]).ToString();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
