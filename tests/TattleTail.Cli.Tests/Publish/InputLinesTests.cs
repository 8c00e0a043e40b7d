using System.Text;
using CsCheck;
using TattleTail.Cli.Publish;

namespace TattleTail.Cli.Tests.Publish;

public class InputLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "1:a")]
    [InlineData("a\nb\n", "1:a 2:b")]
    [InlineData("a\r\nb\r\n", "1:a 2:b")]
    [InlineData("\n\na\n\nb", "3:a 5:b")]
    [InlineData("\r\n", "")]
    [InlineData("a\rb\n", "1:a\rb")]
    public async Task Read_Text_GivesNumberedLines(string input, string lines)
    {
        Assert.Equal(lines, string.Join(' ', await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(input)))));
    }

    [Fact]
    public void Read_AnyCut_GivesTheSameLines()
    {
        var text = Gen.Char["ab\r\n"].Array[0, 40];
        Gen.Select(text, Gen.Int[1, 5]).Sample((characters, step) =>
        {
            var bytes = Encoding.UTF8.GetBytes(characters);
            var whole = ReadAsync(new MemoryStream(bytes)).GetAwaiter().GetResult();
            var dripped = ReadAsync(new DrippingStream(bytes, step)).GetAwaiter().GetResult();
            return whole.SequenceEqual(dripped);
        });
    }

    [Fact]
    public async Task Read_LineOverTheLimit_NamesIt()
    {
        var input = new DrippingStream(Encoding.UTF8.GetBytes("ok\n"), 3) { ThenForever = (byte)'x' };

        var fault = await Assert.ThrowsAsync<LineException>(() => ReadAsync(input));

        Assert.Equal(2, fault.Line);
    }

    private static async Task<List<string>> ReadAsync(Stream input)
    {
        var lines = new List<string>();
        await foreach (var line in InputLines.ReadAsync(input, CancellationToken.None))
        {
            lines.Add($"{line.Number}:{Encoding.UTF8.GetString(line.Bytes.Span)}");
        }

        return lines;
    }
}
