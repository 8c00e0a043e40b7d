using TattleTail.Server.Http;

namespace TattleTail.Server.Tests.Http;

public sealed class TimeOrOffsetTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("20260504", 20260504)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Parse_AllDigits_IsAnOffset(string text, long offset) => Assert.Equal(new TimeOrOffset(PlaceKind.Offset, offset, default), TimeOrOffset.Parse(text, Now, out _));

    [Theory]
    [InlineData("2026-05-04", "2026-05-04T00:00:00Z")]
    [InlineData("2026-05-04T10:00", "2026-05-04T10:00:00Z")]
    [InlineData("2026-05-04T10:00:01.5", "2026-05-04T10:00:01.5Z")]
    [InlineData("2026-05-04 10:00:01", "2026-05-04T10:00:01Z")]
    [InlineData("2026-05-04T10:00:00Z", "2026-05-04T10:00:00Z")]
    [InlineData("2026-05-04T10:00:00+02:00", "2026-05-04T08:00:00Z")]
    [InlineData("2026-05-04T10:00+02:00", "2026-05-04T08:00:00Z")]
    [InlineData("90s", "2026-05-04T11:58:30Z")]
    [InlineData("15m", "2026-05-04T11:45:00Z")]
    [InlineData("12h", "2026-05-04T00:00:00Z")]
    [InlineData("30d", "2026-04-04T12:00:00Z")]
    [InlineData("9999999d", "0001-01-01T00:00:00Z")]
    public void Parse_ATime_IsUtcUnlessItHasAZone(string text, string expected)
    {
        var place = TimeOrOffset.Parse(text, Now, out var fault);

        Assert.Null(fault);
        Assert.Equal((PlaceKind.Time, DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)), (place!.Value.Kind, place.Value.Time));
    }

    [Fact]
    public void Parse_Beginning_IsTheBeginning() => Assert.Equal(TimeOrOffset.Beginning, TimeOrOffset.Parse("beginning", Now, out _));

    [Theory]
    [InlineData("")]
    [InlineData("end")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("10:00")]
    [InlineData("15 m")]
    [InlineData("m")]
    [InlineData("99999999999999999999d")]
    public void Parse_SomethingElse_SaysWhatThereIs(string text)
    {
        Assert.Null(TimeOrOffset.Parse(text, Now, out var fault));
        Assert.NotNull(fault);
    }
}
