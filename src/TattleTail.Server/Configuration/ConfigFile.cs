using System.Text;
using System.Text.Json;

namespace TattleTail.Server.Configuration;

/// <summary>Reads <c>tattletail.json</c>: one object of settings, comments and trailing commas allowed.</summary>
internal static class ConfigFile
{
    private const int MaxBytes = 1024 * 1024;

    public static void Read(string file, ConfigAssembly assembly)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MaxBytes } big)
            {
                assembly.Fault($"it has {big.Length} bytes", file, "a configuration has at most 1 MiB: is this the right file?");
                return;
            }

            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            assembly.Fault($"it can't be read ({e.Message})", file, "name a file that exists and that this user may read");
            return;
        }

        try
        {
            ReadObject(file, bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes, assembly);
        }
        catch (JsonException e)
        {
            assembly.Fault($"it is not valid JSON: {e.Message}", $"{file}, line {e.LineNumber + 1}", "correct it there");
        }
    }

    private static void ReadObject(string file, ReadOnlySpan<byte> json, ConfigAssembly assembly)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            assembly.Fault("it is not an object of settings", file, "write { \"data\": \"./tattletail-data\" }");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            var where = $"{file}, line {json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1}";
            reader.Read();
            if (!seen.Add(key))
            {
                assembly.Fault($"'{key}' stands there twice", where, "keep one");
            }

            if (key != "$schema")
            {
                ReadValue(ref reader, key, where, assembly);
            }

            reader.Skip();
        }

        while (reader.Read())
        {
            // Anything after the object but white space and comments makes the reader throw.
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, string key, string where, ConfigAssembly assembly)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };
        if (text is null)
        {
            assembly.Fault($"{key} is neither text, number, true nor false", where, "write a single value, or leave the setting out");
            return;
        }

        assembly.SetFromFile(key, text, where);
    }
}
