using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TattleTail.Server.Http.Publishing;

/// <summary>Reads a body that must be held whole.</summary>
internal static class WholeBody
{
    /// <summary>The body. A larger one is refused by Kestrel with 413 as soon as that is known.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int maxBytes, BodyMemory.Share share)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBytes;
        }

        var body = new ArrayBufferWriter<byte>();
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            share.Resize(body.WrittenCount + result.Buffer.Length);
            body.Write(result.Buffer);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return body.WrittenMemory;
            }
        }
    }

    private static void Write(this ArrayBufferWriter<byte> writer, in ReadOnlySequence<byte> bytes)
    {
        foreach (var part in bytes)
        {
            BuffersExtensions.Write(writer, part.Span);
        }
    }
}
