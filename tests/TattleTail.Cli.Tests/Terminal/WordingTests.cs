using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Tests.Terminal;

public class WordingTests
{
    [Theory]
    [InlineData(0, "0 B"), InlineData(1023, "1023 B"), InlineData(1024, "1.0 KiB"), InlineData(3_340_408, "3.2 MiB"), InlineData(long.MaxValue, "8192.0 PiB")]
    public void Bytes_Size_InItsUnit(long bytes, string text) => Assert.Equal(text, Wording.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 events"), InlineData(1, "1 event"), InlineData(12345, "12,345 events")]
    public void Count_Number_WithItsNoun(long count, string text) => Assert.Equal(text, Wording.Count(count, "event"));

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000Z"), InlineData(-62_135_596_800_000, "0001-01-01T00:00:00.000Z"), InlineData(253_402_300_799_999, "9999-12-31T23:59:59.999Z")]
    [InlineData(-62_135_596_800_001, "-62135596800001"), InlineData(253_402_300_800_000, "253402300800000"), InlineData(long.MinValue, "-9223372036854775808")]
    public void Millis_AnyNumber_IsATimeOrTheNumber(long millis, string text) => Assert.Equal(text, Wording.Millis(millis));
}
