using System.Text.Json;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Sample;

/// <summary>The bundled events: the lines of a file, each a CloudEvent, by channel and in the file's order.</summary>
internal sealed class SampleEvents
{
    private SampleEvents(SortedDictionary<string, List<byte[]>> channels) => Channels = channels;

    /// <summary>The lines by the channel that they are published to: <c>github.</c> and the third segment of the type.</summary>
    public IReadOnlyDictionary<string, List<byte[]>> Channels { get; }

    /// <summary>Number of events.</summary>
    public int Count => Channels.Values.Sum(lines => lines.Count);

    /// <summary>Reads the file. Throws <see cref="StartException"/> when it is missing or not what was bundled.</summary>
    public static async ValueTask<SampleEvents> LoadAsync(string file, CancellationToken cancel)
    {
        var channels = new SortedDictionary<string, List<byte[]>>(StringComparer.Ordinal);
        try
        {
            foreach (var line in Lines(await File.ReadAllBytesAsync(file, cancel)))
            {
                var channel = Channel(line);
                if (!channels.TryGetValue(channel, out var lines))
                {
                    channels.Add(channel, lines = []);
                }

                lines.Add(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StartException(StartFault.Configuration, $"the sample {file} can't be read ({e.Message}): install the program anew, or start without --sample", e);
        }

        return new SampleEvents(channels);
    }

    private static IEnumerable<byte[]> Lines(byte[] content)
    {
        var from = 0;
        while (from < content.Length)
        {
            var end = Array.IndexOf(content, (byte)'\n', from);
            end = end < 0 ? content.Length : end;
            if (end > from)
            {
                yield return content[from..end];
            }

            from = end + 1;
        }
    }

    private static string Channel(byte[] line)
    {
        using var json = JsonDocument.Parse(line);
        var segments = json.RootElement.GetProperty("type").GetString()!.Split('.');
        return segments.Length > 2 ? $"github.{segments[2]}" : throw new InvalidOperationException("an event's type has no third segment");
    }
}
