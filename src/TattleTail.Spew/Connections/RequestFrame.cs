using System.Buffers;
using System.Numerics;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Connections;

/// <summary>One request's bytes, without the frame length, in a pooled array that counts against <see cref="RequestMemory"/> until it is disposed.</summary>
internal sealed class RequestFrame : IDisposable
{
    private readonly RequestMemory _memory;
    private readonly long _charged;
    private byte[]? _array;

    private RequestFrame(Api api, int length, long charged, RequestMemory memory)
    {
        Api = api;
        _charged = charged;
        _memory = memory;
        _array = ArrayPool<byte>.Shared.Rent(length);
        Bytes = _array.AsMemory(0, length);
    }

    /// <summary>Which api it calls.</summary>
    public Api Api { get; }

    public Memory<byte> Bytes { get; }

    /// <summary>Takes memory for a request, waiting until the budget has it.</summary>
    public static async ValueTask<RequestFrame> CreateAsync(Api api, int length, RequestMemory memory, CancellationToken cancel)
    {
        // The pool's arrays are powers of two.
        long charged = BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, RequestHeader.LeastBytes));
        await memory.AcquireAsync(charged, cancel);
        return new RequestFrame(api, length, charged, memory);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
            _memory.Release(_charged);
        }
    }
}
