using System.Text;
using System.Text.Json;
using TattleTail.Cli.Publish;

namespace TattleTail.Cli.Tests.Publish;

public class KeyFieldTests
{
    [Theory]
    [InlineData("id", """{"id":"a\u0062c"}""", "abc")]
    [InlineData("$.data.user.id", """{"x":[{"user":1}],"data":{"user":{"name":"n","id":42}}}""", "42")]
    [InlineData("items[1].sku", """{"items":[{"sku":"a"},{"sku":"b"}]}""", "b")]
    [InlineData("m[0][1]", """{"m":[[1,2],[3]]}""", "2")]
    [InlineData("o", """{"o": {"a": [1, 2]} }""", """{"a": [1, 2]}""")]
    [InlineData("t", """{"t":true}""", "true")]
    [InlineData("s", """{"s":""}""", "")]
    public void Of_FieldIsThere_GivesItsBytes(string path, string json, string key)
    {
        Assert.Equal(key, Encoding.UTF8.GetString(KeyField.Parse(path)!.Of(Encoding.UTF8.GetBytes(json))!.Value.Span));
    }

    [Fact]
    public void Of_Null_IsNoKey() => Assert.Null(KeyField.Parse("a")!.Of("""{"a":null}"""u8.ToArray()));

    [Theory]
    [InlineData("""{"b":1}"""), InlineData("[1]"), InlineData("1"), InlineData("""{"c":{"a":1}}""")]
    public void Of_FieldIsMissing_SaysWhich(string json)
    {
        var fault = Assert.Throws<KeyNotFoundException>(() => KeyField.Parse("a")!.Of(Encoding.UTF8.GetBytes(json)));

        Assert.Equal("no field 'a' for the key", fault.Message);
    }

    [Theory]
    [InlineData("{"), InlineData("nope"), InlineData("")]
    public void Of_NoJson_Throws(string json) =>
        Assert.ThrowsAny<JsonException>(() => KeyField.Parse("a")!.Of(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData(""), InlineData("a..b"), InlineData("a["), InlineData("a[x]"), InlineData("[0]"), InlineData("a[-1]"), InlineData("a[0]b"), InlineData("$.")]
    public void Parse_NoPath_IsNull(string path) => Assert.Null(KeyField.Parse(path));
}
