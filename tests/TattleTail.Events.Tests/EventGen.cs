using System.Text;
using CsCheck;

namespace TattleTail.Events.Tests;

/// <summary>Draws events: nulls beside empties, bytes that are text and bytes that are not, timestamps of all sizes, repeated header names.</summary>
internal static class EventGen
{
    public static readonly Gen<string> Text = Gen.String[0, 12].Where(s => s.EnumerateRunes().All(r => r != Rune.ReplacementChar) && IsUtf16(s));

    public static readonly Gen<ReadOnlyMemory<byte>?> Bytes = Gen.Frequency(
        (1, Gen.Const((ReadOnlyMemory<byte>?)null)),
        (1, Gen.Const((ReadOnlyMemory<byte>?)Array.Empty<byte>())),
        (4, Gen.Byte.Array[0, 40].Select(b => (ReadOnlyMemory<byte>?)b)),
        (4, Text.Select(t => (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(t))));

    public static readonly Gen<long> Timestamps = Gen.Frequency(
        (8, Gen.Long[0, 4_000_000_000_000]),
        (2, Gen.Long),
        (1, Gen.Long[1_600_000_000_000_000, 1_800_000_000_000_000]),
        (1, Gen.OneOf(Gen.Const(-1L), Gen.Const(0L), Gen.Const(long.MinValue), Gen.Const(long.MinValue + 1), Gen.Const(long.MaxValue), Gen.Const(1_700_000_000_000_000_000))));

    public static readonly Gen<Event> Events =
        from timestamp in Timestamps
        from key in Bytes
        from headers in Gen.Select(Gen.OneOf(Text, Gen.Const("ce_id"), Gen.Const("content-type"), Gen.Const("")), Bytes, (k, v) => new EventHeader(k, v)).Array[0, 5]
        from body in Bytes
        select new Event(timestamp, key, headers, body);

    public static void AssertSame(Event expected, Event actual)
    {
        Assert.Equal(expected.Timestamp, actual.Timestamp);
        Assert.Equal(expected.Key?.ToArray(), actual.Key?.ToArray());
        Assert.Equal(expected.Body?.ToArray(), actual.Body?.ToArray());
        Assert.Equal(expected.Headers.Select(h => h.Key), actual.Headers.Select(h => h.Key));
        Assert.Equal(expected.Headers.Select(h => h.Value?.ToArray()), actual.Headers.Select(h => h.Value?.ToArray()));
    }

    private static bool IsUtf16(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) && !(i > 0 && char.IsSurrogatePair(text[i - 1], text[i])))
            {
                return false;
            }
        }

        return true;
    }
}
