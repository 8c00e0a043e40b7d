using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace TattleTail.Events.Json;

/// <summary>JSON as bytes, looked at without changing it.</summary>
internal static class JsonText
{
    /// <summary>Tells whether bytes are exactly one JSON value that is nested no deeper than <paramref name="maxDepth"/>.</summary>
    public static bool IsValue(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped && !IsText(reader))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Writes a JSON value byte for byte, except that white space goes if it holds line breaks: a line is one event.</summary>
    public static void WriteOnOneLine(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        if (!json.ContainsAny("\r\n"u8))
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }

        var line = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            writer.WriteRawValue(line.AsSpan(0, WithoutSpace(json, line)), skipInputValidation: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(line);
        }
    }

    private static int WithoutSpace(ReadOnlySpan<byte> json, Span<byte> target)
    {
        var length = 0;
        var isInString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var b = json[i];
            if (!isInString && (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                continue;
            }

            target[length++] = b;
            if (isInString && b == '\\')
            {
                target[length++] = json[++i];
            }
            else if (b == '"')
            {
                isInString = !isInString;
            }
        }

        return length;
    }

    private static bool IsText(in Utf8JsonReader reader)
    {
        var text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            reader.CopyString(text);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}
