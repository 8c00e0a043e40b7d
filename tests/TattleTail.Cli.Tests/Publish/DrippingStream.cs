namespace TattleTail.Cli.Tests.Publish;

/// <summary>Gives its bytes a few at a time, and then, if asked, one byte without end.</summary>
internal sealed class DrippingStream(byte[] bytes, int step) : MemoryStream(bytes)
{
    public byte? ThenForever { get; init; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = Read(buffer.Span[..Math.Min(step, buffer.Length)]);
        if (read == 0 && ThenForever is { } filler)
        {
            buffer.Span.Fill(filler);
            read = buffer.Length;
        }

        return ValueTask.FromResult(read);
    }
}
