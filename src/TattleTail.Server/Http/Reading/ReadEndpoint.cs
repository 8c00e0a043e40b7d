using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TattleTail.Log;
using TattleTail.Server.Http.Access;
using TattleTail.Server.Http.Problems;
using TattleTail.Server.Http.Publishing;

namespace TattleTail.Server.Http.Reading;

/// <summary><c>GET /channels/{channel}/events</c>: streams what a query selects.</summary>
internal sealed class ReadEndpoint(ApiContext api)
{
    public async Task HandleAsync(HttpContext context, string channel)
    {
        TargetChannel.CheckName(channel);
        context.RequireRead(channel);
        var query = ReadQuery.Of(context.Request, api.Clock.GetUtcNow());
        var partitions = Partitions(channel, query);
        context.Visit().Reads(channel);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, api.Stopping);
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // A reader may take its time: a person pages through, a consumer works. It holds no more than a read.
            rate.MinDataRate = null;
        }

        // Listening begins before the first look, so that nothing falls between.
        using var bell = query.Follow ? new AdvanceBell(partitions) : null;
        using var output = new EventOutput(context.Response.BodyWriter, query.AsCloudEvents, query.Limit);
        context.Response.ContentType = output.MediaType;
        var scans = new List<PartitionScan>();
        foreach (var partition in partitions)
        {
            scans.Add(await PartitionScan.StartAsync(api.Log, partition, query, ending.Token));
        }

        await new EventStream(context, scans, output).RunAsync(bell, () => NewestTime.AddAsync(context.Response, api.Log, partitions, query.Clock, ending.Token), ending.Token);
    }

    private List<LogPartition> Partitions(string name, ReadQuery query)
    {
        var channels = Channels(name, query.Incarnation);
        if (query.Partition is not { } asked)
        {
            return [.. channels.SelectMany(c => c.Partitions)];
        }

        var partitions = channels.Where(c => asked < c.Partitions.Count).Select(c => c.Partitions[asked]).ToList();
        return partitions.Count > 0 ? partitions
            : throw ProblemException.Parameter("partition", $"channel '{name}' has partitions 0 to {channels.Max(c => c.Partitions.Count) - 1}, not '{asked}'");
    }

    private List<Channel> Channels(string name, int? incarnation)
    {
        if (incarnation is null)
        {
            return [api.Log.Find(name) ?? throw ProblemException.NoChannel(name, "GET /channels lists the channels; deleted ones are read with incarnation=all")];
        }

        var channels = api.Log.Channels.Where(c => c.Name == name && (incarnation == 0 || c.Incarnation == incarnation)).OrderBy(c => c.Incarnation).ToList();
        return channels.Count > 0 ? channels : throw ProblemException.NoChannel(incarnation == 0 ? name : $"{name}' of incarnation '{incarnation}", "GET /channels?closed=true lists all incarnations");
    }
}
