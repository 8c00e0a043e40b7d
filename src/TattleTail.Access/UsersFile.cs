using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TattleTail.Access;

/// <summary>The users as they are kept: JSON, docs/security.md. Passwords are not in it.</summary>
public static class UsersFile
{
    private const int Format = 1;

    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads users. <see cref="InvalidDataException"/> that says what is wrong and with whom.</summary>
    public static IReadOnlyList<User> Read(ReadOnlyMemory<byte> text)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"it is no JSON: {e.Message}", e);
        }

        using (json)
        {
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement format) || !format.TryGetInt32(out int version) || version != Format)
            {
                throw new InvalidDataException($"it is no users file of format {Format}");
            }

            if (!root.TryGetProperty("users", out JsonElement users) || users.ValueKind != JsonValueKind.Array)
            {
                throw new InvalidDataException("it has no list 'users'");
            }

            List<User> read = [.. users.EnumerateArray().Select(ReadUser)];
            return read.GroupBy(u => u.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
                ? throw new InvalidDataException($"user '{twice.Key}' stands in it twice")
                : read;
        }
    }

    /// <summary>The text of a file of users.</summary>
    public static string Write(IEnumerable<User> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, Written))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteStartArray("users");
            foreach (User user in users.OrderBy(u => u.Name, StringComparer.Ordinal))
            {
                Write(json, user);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, User user)
    {
        json.WriteStartObject();
        json.WriteString("name", user.Name);
        WriteList(json, "read", user.Read.Select(p => p.Text));
        WriteList(json, "write", user.Write.Select(p => p.Text));
        WriteList(json, "verifiers", user.Verifiers.Select(v => v.ToString()));
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (string item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }

    private static User ReadUser(JsonElement json)
    {
        string name = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("name", out JsonElement named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
        if (User.NameFault(name) is { } nameFault)
        {
            throw new InvalidDataException(nameFault);
        }

        List<ScramVerifier> verifiers = [.. Texts(json, name, "verifiers").Select(text => ScramVerifier.Parse(text) ?? throw new InvalidDataException($"user '{name}' has a verifier that is none: set the password anew"))];
        return verifiers.Select(v => v.Mechanism.Name).Distinct().Count() == 2 && verifiers.Count == 2
            ? new User(name, Patterns(json, name, "read"), Patterns(json, name, "write"), verifiers)
            : throw new InvalidDataException($"user '{name}' has not one verifier for each mechanism: set the password anew");
    }

    private static List<ChannelPattern> Patterns(JsonElement json, string user, string name) =>
        [.. Texts(json, user, name).Select(text => ChannelPattern.Parse(text, out string? fault) ?? throw new InvalidDataException($"user '{user}': {fault}"))];

    private static IEnumerable<string> Texts(JsonElement json, string user, string name) =>
        json.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? list.EnumerateArray().Select(e => e.GetString()!)
            : throw new InvalidDataException($"user '{user}' has no list of texts '{name}'");
}
