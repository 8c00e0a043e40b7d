namespace TattleTail.Log;

/// <summary>Lets several schedulers draw from one source of randomness, one at a time.</summary>
internal sealed class SharedRandom(Random source) : Random
{
    private readonly Lock _lock = new();

    public override int Next()
    {
        lock (_lock)
        {
            return source.Next();
        }
    }

    public override int Next(int maxValue)
    {
        lock (_lock)
        {
            return source.Next(maxValue);
        }
    }

    public override int Next(int minValue, int maxValue)
    {
        lock (_lock)
        {
            return source.Next(minValue, maxValue);
        }
    }

    public override long NextInt64()
    {
        lock (_lock)
        {
            return source.NextInt64();
        }
    }

    public override long NextInt64(long maxValue)
    {
        lock (_lock)
        {
            return source.NextInt64(maxValue);
        }
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        lock (_lock)
        {
            return source.NextInt64(minValue, maxValue);
        }
    }

    public override double NextDouble()
    {
        lock (_lock)
        {
            return source.NextDouble();
        }
    }

    public override float NextSingle()
    {
        lock (_lock)
        {
            return source.NextSingle();
        }
    }

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        lock (_lock)
        {
            source.NextBytes(buffer);
        }
    }

    /// <summary>A random id in the form of a version 4 UUID.</summary>
    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
