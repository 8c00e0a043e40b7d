using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TattleTail.Cli.Publish;

/// <summary>
/// Where in a JSON line the key stands: names separated by dots, elements of arrays in brackets, <c>$.</c> in front or not (<c>data.user.id</c>, <c>$.items[0].sku</c>).
/// </summary>
internal sealed class KeyField
{
    private readonly Step[] _steps;

    private KeyField(string text, Step[] steps)
    {
        Text = text;
        _steps = steps;
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Reads the path; null when it is none.</summary>
    public static KeyField? Parse(string text)
    {
        var rest = text.StartsWith("$.", StringComparison.Ordinal) ? text[2..] : text;
        var steps = new List<Step>();
        foreach (var part in rest.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0)
            {
                return null;
            }

            steps.Add(new Step(Encoding.UTF8.GetBytes(name), -1));
            if (bracket >= 0 && !AddIndexes(part.AsSpan(bracket), steps))
            {
                return null;
            }
        }

        return new KeyField(text, [.. steps]);
    }

    /// <summary>
    /// The key of a line: a string's UTF-8, anything else as its JSON stands; null for JSON's null. Throws <see cref="JsonException"/> on what is no JSON,
    /// <see cref="KeyNotFoundException"/> when the line lacks the field.
    /// </summary>
    public ReadOnlyMemory<byte>? Of(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        foreach (var step in _steps)
        {
            if (!(step.Index < 0 ? ToProperty(ref reader, step.Name) : ToElement(ref reader, step.Index)))
            {
                throw new KeyNotFoundException($"no field '{Text}' for the key");
            }
        }

        return reader.TokenType switch
        {
            JsonTokenType.Null => (ReadOnlyMemory<byte>?)null,
            JsonTokenType.String => Unescaped(ref reader),
            _ => Whole(ref reader, json),
        };
    }

    private static bool AddIndexes(ReadOnlySpan<char> text, List<Step> steps)
    {
        while (text.Length > 0)
        {
            var end = text.IndexOf(']');
            if (text[0] != '[' || end < 0 || !int.TryParse(text[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                return false;
            }

            steps.Add(new Step([], index));
            text = text[(end + 1)..];
        }

        return true;
    }

    private static bool ToProperty(ref Utf8JsonReader reader, byte[] name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool ToElement(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static byte[] Unescaped(ref Utf8JsonReader reader)
    {
        var buffer = new byte[reader.ValueSpan.Length];
        return buffer[..reader.CopyString(buffer)];
    }

    private static byte[] Whole(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = checked((int)reader.TokenStartIndex);
        reader.Skip();
        return json[start..checked((int)reader.BytesConsumed)].ToArray();
    }

    private readonly record struct Step(byte[] Name, int Index);
}
