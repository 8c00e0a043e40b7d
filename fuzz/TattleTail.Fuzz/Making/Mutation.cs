using System.Buffers.Binary;

namespace TattleTail.Fuzz.Making;

/// <summary>Damages bytes, one to three times over.</summary>
internal static class Mutation
{
    private const int LongestRun = 64;

    private static readonly int[] Lengths = [int.MinValue, short.MinValue, -2, -1, 0, 1, 2, 127, 128, 255, 256, short.MaxValue, short.MaxValue + 1, 65_535, 250_000, 250_001, 1 << 20, (1 << 20) + 1, 100 << 20, int.MaxValue - 1, int.MaxValue];

    private static readonly byte[][] Varints =
    [
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0x80, 0x80, 0x80, 0x80, 0x08], [0x80, 0x80, 0x80, 0x80, 0x00], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0xFE, 0xFF, 0xFF, 0xFF, 0x0F], [0x80], [0xFF, 0x7F], [0x00],
    ];

    /// <param name="random">The case's.</param>
    /// <param name="bytes">What is damaged; may be changed.</param>
    /// <param name="marks">Where its lengths and parts are; null when that is not known.</param>
    /// <param name="other">Makes another message of the kind, whose end is spliced on.</param>
    public static byte[] Apply(Random random, byte[] bytes, MarkedBytes? marks, Func<Random, byte[]> other)
    {
        for (int times = random.Next(1, 4); times > 0 && bytes.Length > 0; times--)
        {
            bytes = Once(random, bytes, marks, other);
        }

        return bytes;
    }

    private static byte[] Once(Random random, byte[] bytes, MarkedBytes? marks, Func<Random, byte[]> other)
    {
        switch (random.Next(10))
        {
            case 0:
                return FlipBits(random, bytes);
            case 1 or 2 or 3:
                return StretchLength(random, bytes, marks);
            case 4:
                return bytes[..random.Next(bytes.Length)];
            case 5:
                byte[] tail = other(random);
                return [.. bytes.AsSpan(0, random.Next(bytes.Length)), .. tail.AsSpan(random.Next(tail.Length))];
            case 6:
                (int from, int to) = Part(random, bytes, marks);
                return [.. bytes.AsSpan(0, to), .. Repeated(bytes.AsSpan(from, to - from), random), .. bytes.AsSpan(to)];
            case 7:
                (int first, int end) = Part(random, bytes, marks);
                return [.. bytes.AsSpan(0, first), .. bytes.AsSpan(end)];
            case 8:
                return Put(bytes, Place(random, bytes), Varints[random.Next(Varints.Length)]);
            default:
                random.NextBytes(bytes.AsSpan(Place(random, bytes)) is var rest ? rest[..random.Next(Math.Min(rest.Length, LongestRun) + 1)] : default);
                return bytes;
        }
    }

    private static byte[] FlipBits(Random random, byte[] bytes)
    {
        for (int flips = random.Next(1, 9); flips > 0; flips--)
        {
            bytes[Place(random, bytes)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static byte[] StretchLength(Random random, byte[] bytes, MarkedBytes? marks)
    {
        (int at, LengthKind kind) = marks is { Lengths.Count: > 0 }
            ? marks.Lengths[random.Next(marks.Lengths.Count)]
            : (Place(random, bytes), (LengthKind)random.Next(3));
        at = Math.Min(at, bytes.Length - 1);
        // As many as are left is what a careless reader believes.
        int length = random.Next(3) == 0 ? bytes.Length - at - random.Next(12) : Lengths[random.Next(Lengths.Length)];
        Span<byte> wide = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(wide, length);
        return kind switch
        {
            LengthKind.Int16 => Put(bytes, at, wide[2..]),
            LengthKind.Int32 => Put(bytes, at, wide),
            // A varint of another size moves what comes after it: the reader meets the length as it was meant.
            _ => [.. bytes.AsSpan(0, at), .. random.Next(3) == 0 ? Varints[random.Next(Varints.Length)] : Varint((uint)length + 1), .. bytes.AsSpan(Math.Min(bytes.Length, at + VarintSize(bytes, at)))],
        };
    }

    private static byte[] Put(byte[] bytes, int at, ReadOnlySpan<byte> value)
    {
        value[..Math.Min(value.Length, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private static byte[] Repeated(ReadOnlySpan<byte> part, Random random)
    {
        int times = part.Length is 0 or > 1000 ? 1 : random.Next(8) == 0 ? random.Next(1, 60) : 1;
        byte[] repeated = new byte[part.Length * times];
        for (int i = 0; i < times; i++)
        {
            part.CopyTo(repeated.AsSpan(i * part.Length));
        }

        return repeated;
    }

    private static (int From, int To) Part(Random random, byte[] bytes, MarkedBytes? marks)
    {
        if (marks is { Parts.Count: > 0 } && marks.Parts[random.Next(marks.Parts.Count)] is var part && part.End.Value <= bytes.Length)
        {
            return (part.Start.Value, part.End.Value);
        }

        int from = random.Next(bytes.Length);
        return (from, from + random.Next(Math.Min(bytes.Length - from, LongestRun) + 1));
    }

    /// <summary>Half of the damage goes to the first bytes, where lengths and flags are.</summary>
    private static int Place(Random random, byte[] bytes) => random.Next(random.Next(2) == 0 ? Math.Min(80, bytes.Length) : bytes.Length);

    private static byte[] Varint(uint value)
    {
        var made = new MarkedBytes();
        made.AddVarint(value);
        return made.ToArray();
    }

    private static int VarintSize(byte[] bytes, int at)
    {
        int end = at;
        while (end < bytes.Length - 1 && bytes[end] > 127)
        {
            end++;
        }

        return end + 1 - at;
    }
}
