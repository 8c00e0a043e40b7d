using System.Buffers;
using System.Text.Json;
using TattleTail.Events;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Server.Http.Reading;

/// <summary>Writes events into a response's buffer: envelopes, one a line, or the elements of a JSON array of CloudEvents. Counts them.</summary>
internal sealed class EventOutput(IBufferWriter<byte> buffer, bool asCloudEvents, long limit) : IDisposable
{
    /// <summary>Bytes after which the response should be flushed. One event may exceed it.</summary>
    private const long FullBytes = 256 * 1024;

    private readonly Utf8JsonWriter _json = new(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Events written.</summary>
    public long Count { get; private set; }

    /// <summary>As many events as asked for are written.</summary>
    public bool IsComplete => Count >= limit;

    /// <summary>Enough is written to be flushed.</summary>
    public bool IsFull => UnflushedBytes >= FullBytes;

    /// <summary>Bytes written since <see cref="Flushed"/>.</summary>
    public long UnflushedBytes { get; private set; }

    /// <summary>The content type.</summary>
    public string MediaType => asCloudEvents ? MediaTypes.CloudEventsBatch : MediaTypes.Ndjson;

    /// <summary>Writes one event.</summary>
    public void Write(RecordedEvent recorded)
    {
        if (asCloudEvents)
        {
            Put(Count == 0 ? (byte)'[' : (byte)',');
            CloudEventCodec.WriteStructured(_json, recorded);
        }
        else
        {
            EventEnvelope.Write(_json, recorded);
        }

        _json.Flush();
        UnflushedBytes += _json.BytesCommitted;
        _json.Reset();
        if (!asCloudEvents)
        {
            Put((byte)'\n');
        }

        Count++;
    }

    /// <summary>Ends the output.</summary>
    public void End()
    {
        if (asCloudEvents)
        {
            if (Count == 0)
            {
                Put((byte)'[');
            }

            Put((byte)']');
        }
    }

    /// <summary>Notes that the buffer went out.</summary>
    public void Flushed() => UnflushedBytes = 0;

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    private void Put(byte character)
    {
        buffer.GetSpan(1)[0] = character;
        buffer.Advance(1);
        UnflushedBytes++;
    }
}
