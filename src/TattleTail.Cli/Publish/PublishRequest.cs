using System.Globalization;

namespace TattleTail.Cli.Publish;

/// <summary>What to publish where.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="File">The input; null or <c>-</c>: standard input.</param>
/// <param name="Raw">Lines are bodies.</param>
/// <param name="Key">Where the key stands; null: as the event says.</param>
/// <param name="Partition">The partition; null: by key.</param>
internal sealed record PublishRequest(string Channel, string? File, bool Raw, KeyField? Key, int? Partition)
{
    /// <summary>Where to send the lines.</summary>
    public string ToPath() =>
        $"channels/{Uri.EscapeDataString(Channel)}/events{(Partition is { } number ? $"?partition={number.ToString(CultureInfo.InvariantCulture)}" : "")}";
}
