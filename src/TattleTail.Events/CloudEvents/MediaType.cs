using System.Text;

namespace TattleTail.Events.CloudEvents;

/// <summary>What a content type says, parameters aside (RFC 9110, section 8.3.1).</summary>
internal static class MediaType
{
    /// <summary>Tells whether a content type is that type, whatever its parameters.</summary>
    public static bool Is(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> type) => Ascii.EqualsIgnoreCase(Essence(contentType), type);

    /// <summary>JSON, by its own name or by the suffix <c>+json</c>.</summary>
    public static bool IsJson(ReadOnlySpan<byte> contentType)
    {
        var type = Essence(contentType);
        return Ascii.EqualsIgnoreCase(type, "application/json"u8) || Ascii.EqualsIgnoreCase(type, "text/json"u8)
            || (type.Length > 5 && Ascii.EqualsIgnoreCase(type[^5..], "+json"u8));
    }

    /// <summary>Text to be shown as it is.</summary>
    public static bool IsText(ReadOnlySpan<byte> contentType) =>
        contentType.Length > 5 && Ascii.EqualsIgnoreCase(contentType[..5], "text/"u8) && !IsJson(contentType);

    private static ReadOnlySpan<byte> Essence(ReadOnlySpan<byte> contentType)
    {
        var end = contentType.IndexOf((byte)';');
        return (end < 0 ? contentType : contentType[..end]).Trim(" \t"u8);
    }
}
