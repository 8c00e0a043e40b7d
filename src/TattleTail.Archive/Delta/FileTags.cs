using System.Globalization;

namespace TattleTail.Archive.Delta;

/// <summary>
/// The <c>tags</c> of an <c>add</c>, all strings: what TattleTail must know of a file to find and verify it. <c>tattletail.partitions</c> is
/// <c>partition:first:last:events:min:max</c> parted by <c>;</c>, timestamps in raw ms; <c>tattletail.recorded</c> is <c>first:last</c> in µs.
/// </summary>
internal static class FileTags
{
    private const string Sha256 = "tattletail.sha256";
    private const string Incarnation = "tattletail.incarnation";
    private const string TopicId = "tattletail.topic_id";
    private const string Source = "tattletail.source";
    private const string Address = "tattletail.address";
    private const string Events = "tattletail.events";
    private const string Recorded = "tattletail.recorded";
    private const string Partitions = "tattletail.partitions";

    public static IEnumerable<KeyValuePair<string, string>> Of(ArchiveFile file) =>
    [
        new(Sha256, file.Sha256),
        new(Incarnation, Text(file.Stream.Incarnation)),
        new(TopicId, file.Stream.TopicId.ToString("D")),
        new(Source, file.Stream.Source),
        new(Address, file.Stream.Address),
        new(Events, Text(file.Events)),
        new(Recorded, $"{Text(file.FirstRecordedAtMicros)}:{Text(file.LastRecordedAtMicros)}"),
        new(Partitions, string.Join(';', file.Partitions.Select(p => string.Join(':', new[] { p.Partition, p.FirstOffset, p.LastOffset, p.Events, p.MinTimestamp, p.MaxTimestamp }.Select(Text))))),
    ];

    /// <summary>The file that an <c>add</c> tells of. <see cref="FormatException"/> or <see cref="KeyNotFoundException"/> when the tags are not ours.</summary>
    public static ArchiveFile Parse(string path, long size, string channel, string month, Dictionary<string, string> tags)
    {
        var recorded = tags[Recorded].Split(':');
        var stream = new ArchiveStream(channel, int.Parse(tags[Incarnation], CultureInfo.InvariantCulture), Guid.ParseExact(tags[TopicId], "D"), tags[Source], tags[Address]);
        return new ArchiveFile(
            path, size, tags[Sha256], stream, month, Number(tags[Events]), Number(recorded[0]), Number(recorded[1]), [.. tags[Partitions].Split(';').Select(ParseRange)]);
    }

    private static PartitionRange ParseRange(string text)
    {
        var parts = text.Split(':').Select(Number).ToArray();
        return parts.Length == 6 ? new PartitionRange((int)parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]) : throw new FormatException($"'{text}' is no range of a partition");
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
