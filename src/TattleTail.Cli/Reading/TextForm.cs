using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using TattleTail.Cli.Terminal;
using TattleTail.Events;

namespace TattleTail.Cli.Reading;

/// <summary>
/// An event in one line for people: time, partition and offset, key, headers, body. Whatever could move a terminal's cursor is shown as an escape; what is no text is shown as base64.
/// </summary>
internal static class TextForm
{
    /// <summary>The line of an envelope, cut to a width.</summary>
    public static string Of(ReadOnlyMemory<byte> envelope, int width)
    {
        var recorded = EventEnvelope.Read(envelope, 0);
        var line = new StringBuilder(Wording.Millis(recorded.Timestamp)).Append("  ").Append(Place(envelope)).Append("  ");
        Append(line, recorded.Key, width);
        if (recorded.Headers.Count > 0)
        {
            line.Append("  {");
            for (var i = 0; i < recorded.Headers.Count && line.Length <= width; i++)
            {
                line.Append(i == 0 ? "" : ", ");
                Append(line, Encoding.UTF8.GetBytes(recorded.Headers[i].Key), width);
                line.Append('=');
                Append(line, recorded.Headers[i].Value, width);
            }

            line.Append('}');
        }

        line.Append("  ");
        Append(line, recorded.Body, width);
        return line.Length <= width ? line.ToString() : line.ToString(0, width - 1) + "…";
    }

    private static string Place(ReadOnlyMemory<byte> envelope)
    {
        using var json = JsonDocument.Parse(envelope);
        return $"{json.RootElement.GetProperty("partition")}:{json.RootElement.GetProperty("offset")}";
    }

    private static void Append(StringBuilder line, ReadOnlyMemory<byte>? bytes, int width)
    {
        if (bytes is not { } value)
        {
            line.Append('-');
        }
        else if (!Utf8.IsValid(value.Span))
        {
            line.Append("base64:").Append(Convert.ToBase64String(value.Span));
        }
        else
        {
            foreach (var rune in Encoding.UTF8.GetString(value.Span).EnumerateRunes())
            {
                AppendRune(line, rune);
                if (line.Length > width)
                {
                    return;
                }
            }
        }
    }

    private static void AppendRune(StringBuilder line, Rune rune)
    {
        var isSafe = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        _ = rune.Value switch
        {
            '\n' => line.Append("\\n"),
            '\r' => line.Append("\\r"),
            '\t' => line.Append("\\t"),
            _ when isSafe => line.Append(rune.ToString()),
            _ => line.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
        };
    }
}
