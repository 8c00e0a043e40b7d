using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TattleTail.Server.Configuration;

/// <summary>The JSON schema of <c>tattletail.json</c>, for editors.</summary>
public static class ConfigSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text, as it stands in docs/tattletail.schema.json.</summary>
    public static string Text()
    {
        var properties = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string" } };
        foreach (var setting in NodeSettings.All)
        {
            properties[setting.Key] = setting.Schema();
        }

        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "tattletail.json",
            ["description"] = "Settings of a TattleTail node; TATTLETAIL_* variables and flags override them.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        return schema.ToJsonString(Indented) + "\n";
    }
}
