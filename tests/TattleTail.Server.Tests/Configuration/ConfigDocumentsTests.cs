using System.Reflection;
using System.Text.Json.Nodes;
using TattleTail.Server.Configuration;

namespace TattleTail.Server.Tests.Configuration;

/// <summary>The schema and the documentation name what the code knows.</summary>
public sealed class ConfigDocumentsTests
{
    private static readonly string Docs =
        Path.Combine(typeof(ConfigDocumentsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepoRoot").Value!, "docs");

    [Fact]
    public void Schema_File_IsWhatTheSettingsMake()
    {
        var path = Path.Combine(Docs, "tattletail.schema.json");
        var expected = ConfigSchema.Text();
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.ReadAllText(path) == expected, "docs/tattletail.schema.json is not what the settings make: run this test with UPDATE_SCHEMA=1");
    }

    [Fact]
    public void Schema_Properties_AreTheSettings()
    {
        var properties = JsonNode.Parse(ConfigSchema.Text())!["properties"]!.AsObject();

        Assert.Equal(NodeSettings.All.Select(s => s.Key).Prepend("$schema"), properties.Select(p => p.Key));
    }

    [Fact]
    public void Documentation_NamesEverySetting()
    {
        var text = File.ReadAllText(Path.Combine(Docs, "configuration.md"));

        Assert.All(NodeSettings.All, s =>
        {
            Assert.Contains($"`{s.Key}`", text, StringComparison.Ordinal);
            Assert.Contains(s.Variable, text, StringComparison.Ordinal);
        });
    }
}
