using System.Text;

namespace TattleTail.Fuzz.Making;

/// <summary>
/// Values of fields. Most are such as a node knows, so that a request gets somewhere: channels and groups that are there, small numbers. The rest are extremes and anything.
/// </summary>
internal static class Words
{
    /// <summary>Channels that hostile clients may write to, change and delete.</summary>
    public static readonly string[] Channels = ["wild-1", "wild-2", "wild-3"];

    private static readonly string[] Known =
    [
        .. Channels, "group-1", "group-2", "member-1", "consumer", "range", "roundrobin", "max.message.bytes", "retention.ms", "cleanup.policy", "message.timestamp.type", "compact", "-1", "1000",
    ];

    private static readonly long[] Extremes =
    [
        long.MinValue, int.MinValue, short.MinValue, sbyte.MinValue, -3, -2, -1, 0, 1, sbyte.MaxValue, byte.MaxValue, short.MaxValue, ushort.MaxValue, int.MaxValue, uint.MaxValue, long.MaxValue,
    ];

    public static string Text(Random random) => random.Next(8) switch
    {
        0 => "",
        1 => Letters(random, random.Next(20)),
        2 when random.Next(8) == 0 => Letters(random, random.Next(1000)),
        _ => Known[random.Next(Known.Length)],
    };

    public static long Number(Random random) => random.Next(6) switch
    {
        0 => Extremes[random.Next(Extremes.Length)],
        1 => random.NextInt64(long.MinValue, long.MaxValue),
        2 => random.Next(1000),
        _ => random.Next(-1, 4),
    };

    public static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(10) == 0 ? random.Next(20_000) : random.Next(100)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>How many elements an array has.</summary>
    public static int Count(Random random) => random.Next(40) == 0 ? random.Next(100) : random.Next(4);

    private static string Letters(Random random, int count)
    {
        const string letters = "abcXYZ019._-äß€漢/\0";
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++)
        {
            text.Append(letters[random.Next(letters.Length)]);
        }

        return text.ToString();
    }
}
