using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Connections;

/// <summary>
/// Cuts a connection's bytes into requests: length int32 of what follows, then the request. The length, the api and its version are checked before memory is taken; while the
/// budget is spent, nothing is read. Throws <see cref="MalformedFrameException"/> for what is not a request.
/// </summary>
internal sealed class FrameReader(PipeReader input, Func<int> maxBytes, RequestMemory memory, ConnectionWatch watch)
{
    private const int LengthBytes = 4;

    // The watch hears of progress in steps, not of each packet.
    private const int ToldBytes = 64 * 1024;

    /// <summary>The next request; null when the client has gone between two requests, or <see cref="PipeReader.CancelPendingRead"/> ended the waiting.</summary>
    public async ValueTask<RequestFrame?> ReadAsync(CancellationToken stopping)
    {
        watch.Expect(ConnectionWatch.IdleLimit, "was idle");
        if (await ReadHeadAsync() is not { } head)
        {
            return null;
        }

        watch.Rest();
        RequestFrame frame = await RequestFrame.CreateAsync(head.Api, head.Length, memory, stopping);
        bool whole = false;
        try
        {
            watch.ExpectRequest();
            whole = await FillAsync(frame.Bytes);
            watch.Rest();
            return whole ? frame : null;
        }
        finally
        {
            if (!whole)
            {
                frame.Dispose();
            }
        }
    }

    private async ValueTask<(Api Api, int Length)?> ReadHeadAsync()
    {
        bool begun = false;
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (result.IsCanceled)
            {
                input.AdvanceTo(buffer.Start);
                return null;
            }

            if (TryReadHead(buffer, out Api? api, out int length))
            {
                input.AdvanceTo(buffer.GetPosition(LengthBytes));
                return (api!, length);
            }

            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new MalformedFrameException($"it ended after {buffer.Length} bytes of a request");
            }

            if (!begun && !buffer.IsEmpty)
            {
                begun = true;
                watch.ExpectRequest();
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private bool TryReadHead(ReadOnlySequence<byte> buffer, out Api? api, out int length)
    {
        api = null;
        Span<byte> head = stackalloc byte[LengthBytes + RequestHeader.FixedBytes];
        int there = (int)Math.Min(buffer.Length, head.Length);
        head = head[..there];
        buffer.Slice(0, there).CopyTo(head);
        if (!BinaryPrimitives.TryReadInt32BigEndian(head, out length))
        {
            return false;
        }

        int most = maxBytes();
        if (length < RequestHeader.LeastBytes || length > most)
        {
            throw new MalformedFrameException($"{ForeignBytes.Describe(head)}: a request of {length} bytes (allowed {RequestHeader.LeastBytes} to {most})");
        }

        if (there < LengthBytes + RequestHeader.FixedBytes)
        {
            return false;
        }

        RequestHeader header = RequestHeader.ReadFixed(head[LengthBytes..]);
        api = ApiTable.Find(header.ApiKey) ?? throw new MalformedFrameException($"{ForeignBytes.Describe(head)}: api {header.ApiKey} is not served");
        if (!api.Serves(header.Version) && api.Key != ApiTable.ApiVersionsKey)
        {
            throw new MalformedFrameException($"version {header.Version} of {api.Name} is not served ({api.ServedFrom} to {api.Last} are)");
        }

        return true;
    }

    private async ValueTask<bool> FillAsync(Memory<byte> frame)
    {
        int filled = 0;
        int told = 0;
        while (filled < frame.Length)
        {
            if (filled / ToldBytes > told / ToldBytes)
            {
                told = filled;
                watch.ExpectRequest(filled);
            }

            ReadResult result = await input.ReadAsync();
            ReadOnlySequence<byte> part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, frame.Length - filled));
            part.CopyTo(frame.Span[filled..]);
            filled += (int)part.Length;
            input.AdvanceTo(part.End);
            if (filled < frame.Length && result.IsCompleted)
            {
                throw new MalformedFrameException($"it ended after {filled} of {frame.Length} bytes of a request");
            }

            if (filled < frame.Length && result.IsCanceled)
            {
                return false;
            }
        }

        return true;
    }
}
