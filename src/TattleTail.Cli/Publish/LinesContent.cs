using System.Net;

namespace TattleTail.Cli.Publish;

/// <summary>A batch as the body of a request: its lines, each with its end.</summary>
internal sealed class LinesContent(List<InputLine> lines) : HttpContent
{
    /// <inheritdoc />
    protected override bool TryComputeLength(out long length)
    {
        length = lines.Sum(line => line.Bytes.Length + 1L);
        return true;
    }

    /// <inheritdoc />
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        foreach (var (_, bytes) in lines)
        {
            if (filled + bytes.Length + 1 > buffer.Length)
            {
                await stream.WriteAsync(buffer.AsMemory(0, filled));
                filled = 0;
                if (bytes.Length + 1 > buffer.Length)
                {
                    await stream.WriteAsync(bytes);
                    buffer[filled++] = (byte)'\n';
                    continue;
                }
            }

            bytes.Span.CopyTo(buffer.AsSpan(filled));
            filled += bytes.Length;
            buffer[filled++] = (byte)'\n';
        }

        await stream.WriteAsync(buffer.AsMemory(0, filled));
    }
}
