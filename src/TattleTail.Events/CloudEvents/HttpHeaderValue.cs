using System.Buffers;
using System.Text;

namespace TattleTail.Events.CloudEvents;

/// <summary>Values of attributes in HTTP headers (CloudEvents 1.0.2, HTTP protocol binding, 3.1.3.2).</summary>
public static class HttpHeaderValue
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Unquotes a quoted string and decodes <c>%XX</c> once, as UTF-8. Throws <see cref="InvalidEventException"/> where a percent sign is followed by anything but two hexadecimal
    /// digits or the bytes are not UTF-8: guessing would change the sender's value.
    /// </summary>
    public static string Decode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = Unquoted(value);
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = new ArrayBufferWriter<byte>(text.Length);
        try
        {
            for (var rest = text.AsSpan(); !rest.IsEmpty;)
            {
                var percent = rest.IndexOf('%');
                var plain = percent < 0 ? rest : rest[..percent];
                StrictUtf8.GetBytes(plain, bytes);
                rest = rest[plain.Length..];
                if (rest.Length is 1 or 2 || (rest.Length > 2 && !(char.IsAsciiHexDigit(rest[1]) && char.IsAsciiHexDigit(rest[2]))))
                {
                    throw new InvalidEventException($"'{value}' has a percent sign that is not followed by two hexadecimal digits; write it as %25");
                }

                if (!rest.IsEmpty)
                {
                    bytes.Write([Convert.FromHexString(rest.Slice(1, 2))[0]]);
                    rest = rest[3..];
                }
            }

            return StrictUtf8.GetString(bytes.WrittenSpan);
        }
        catch (ArgumentException e)
        {
            throw new InvalidEventException($"'{value}' does not decode to UTF-8", e);
        }
    }

    private static string Unquoted(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"')
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length - 1; i++)
        {
            if (value[i] == '\\' && i < value.Length - 2)
            {
                i++;
            }

            text.Append(value[i]);
        }

        return text.ToString();
    }
}
