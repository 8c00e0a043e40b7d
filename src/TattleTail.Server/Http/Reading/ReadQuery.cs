using System.Globalization;
using Microsoft.AspNetCore.Http;
using TattleTail.Log;
using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Reading;

/// <summary>What a reader asks for.</summary>
/// <param name="Partition">One partition; null: all.</param>
/// <param name="From">Where to begin.</param>
/// <param name="To">Where to end, exclusive; null: at what is durable now.</param>
/// <param name="Clock">The clock of times.</param>
/// <param name="Limit">Most events.</param>
/// <param name="Incarnation">Which life of the name; null: the newest; 0: all.</param>
/// <param name="Follow">Go on with what comes.</param>
/// <param name="Scope">Also what is not served any more.</param>
/// <param name="AsCloudEvents">A JSON array of CloudEvents instead of lines of envelopes.</param>
internal sealed record ReadQuery(int? Partition, TimeOrOffset From, TimeOrOffset? To, LogClock Clock, long Limit, int? Incarnation, bool Follow, LogScope Scope, bool AsCloudEvents)
{
    private static readonly string[] Names = ["partition", "from", "to", "by", "limit", "incarnation", "follow", "all"];

    /// <summary>Reads the query. Throws <see cref="ProblemException"/>.</summary>
    public static ReadQuery Of(HttpRequest request, DateTimeOffset now)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!Names.Contains(name))
            {
                throw ProblemException.Parameter(name, $"there is no such parameter; there are {string.Join(", ", Names)}");
            }

            if (values.Count > 1)
            {
                throw ProblemException.Parameter(name, "it came more than once");
            }
        }

        var query = new ReadQuery(
            (int?)Number(request, "partition", int.MaxValue),
            Place(request, "from", now) ?? TimeOrOffset.Beginning,
            Place(request, "to", now),
            Choice(request, "by", "event", "recorded") ? LogClock.Recorded : LogClock.Event,
            Number(request, "limit", long.MaxValue) ?? long.MaxValue,
            Text(request, "incarnation") == "all" ? 0 : (int?)Number(request, "incarnation", int.MaxValue),
            Choice(request, "follow", "false", "true"),
            Choice(request, "all", "false", "true") ? LogScope.All : LogScope.Served,
            WantsCloudEvents(request));
        return query.To is { Kind: PlaceKind.Beginning } ? throw ProblemException.Parameter("to", "nothing lies before the beginning")
            : query is { Follow: true, AsCloudEvents: true } ? throw ProblemException.Parameter("follow", "a batch of CloudEvents has an end: follow with Accept: application/x-ndjson")
            : query;
    }

    private static string? Text(HttpRequest request, string name) => request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    private static long? Number(HttpRequest request, string name, long most)
    {
        var text = Text(request, name);
        return text is null ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
            : throw ProblemException.Parameter(name, $"'{text}' is not a whole number from 0");
    }

    private static TimeOrOffset? Place(HttpRequest request, string name, DateTimeOffset now)
    {
        var text = Text(request, name);
        return text is null ? null : TimeOrOffset.Parse(text, now, out var fault) ?? throw ProblemException.Parameter(name, fault!);
    }

    private static bool Choice(HttpRequest request, string name, string otherwise, string chosen)
    {
        var text = Text(request, name) ?? otherwise;
        return text == chosen || (text == otherwise ? false : throw ProblemException.Parameter(name, $"it is {otherwise} or {chosen}, not '{text}'"));
    }

    private static bool WantsCloudEvents(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
        {
            return false;
        }

        foreach (var type in accepted.OrderByDescending(t => t.Quality ?? 1))
        {
            switch (type.MediaType.Value?.ToLowerInvariant())
            {
                case MediaTypes.CloudEventsBatch:
                    return true;
                case MediaTypes.Ndjson or "*/*" or "application/*":
                    return false;
            }
        }

        throw new ProblemException(406, "No such form", $"events come as {MediaTypes.Ndjson} or {MediaTypes.CloudEventsBatch}", "accept one of them");
    }
}
