using System.Globalization;
using System.Text.Json;

namespace TattleTail.Spew.Tests.Schemas;

/// <summary>Versions of a schema: <c>3</c>, <c>3-7</c>, <c>3+</c> or <c>none</c>.</summary>
internal readonly record struct VersionRange(int First, int Last)
{
    public static readonly VersionRange None = new(0, -1);

    public bool Contains(int version) => version >= First && version <= Last;

    public static VersionRange Parse(string? text)
    {
        if (text is null or "none")
        {
            return None;
        }

        if (text.EndsWith('+'))
        {
            return new(Number(text[..^1]), int.MaxValue);
        }

        string[] ends = text.Split('-');
        return new(Number(ends[0]), Number(ends[^1]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A field of one of Kafka's message schemas, as the JSON file has it.</summary>
internal sealed record SchemaField(
    string Name,
    string Type,
    VersionRange Versions,
    VersionRange Nullable,
    VersionRange Tagged,
    int Tag,
    VersionRange? Flexible,
    string? Default,
    IReadOnlyList<SchemaField> Fields)
{
    public bool IsArray => Type.StartsWith("[]", StringComparison.Ordinal);

    public string ElementType => Type[2..];

    public static IReadOnlyList<SchemaField> ParseAll(JsonElement owner) =>
        owner.TryGetProperty("fields", out JsonElement fields) ? [.. fields.EnumerateArray().Select(Parse)] : [];

    private static SchemaField Parse(JsonElement json) => new(
        json.GetProperty("name").GetString()!,
        json.GetProperty("type").GetString()!,
        VersionRange.Parse(json.GetProperty("versions").GetString()),
        VersionRange.Parse(Text(json, "nullableVersions")),
        VersionRange.Parse(Text(json, "taggedVersions")),
        json.TryGetProperty("tag", out JsonElement tag) ? tag.GetInt32() : -1,
        Text(json, "flexibleVersions") is { } flexible ? VersionRange.Parse(flexible) : null,
        json.TryGetProperty("default", out JsonElement value) ? value.ToString() : null,
        ParseAll(json));

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}

/// <summary>A message schema of Kafka.</summary>
internal sealed record MessageSchema(string Name, VersionRange Flexible, IReadOnlyList<SchemaField> Fields)
{
    public const string FolderVariable = "TT_TEST_KAFKA_MESSAGES";

    /// <summary>The folder with Kafka's message schemas; null when there is none here.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    public static MessageSchema Load(string name)
    {
        string path = Path.Combine(Folder!, name + ".json");
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        JsonElement root = document.RootElement;
        return new(name, VersionRange.Parse(root.GetProperty("flexibleVersions").GetString()), SchemaField.ParseAll(root));
    }
}
