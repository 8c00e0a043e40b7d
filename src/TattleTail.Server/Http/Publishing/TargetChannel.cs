using System.Globalization;
using Microsoft.AspNetCore.Http;
using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Publishing;

/// <summary>
/// The channel and partition that a request publishes to. Found, or created when that is allowed, only when the first event is there: a request without a good event creates nothing.
/// For one request; not for concurrent use.
/// </summary>
internal sealed class TargetChannel(ApiContext api, string name, HttpRequest request)
{
    private const string Embedded = "spew";

    /// <summary>The channel's name.</summary>
    public string Name => name;

    /// <summary>The channel; null before it was asked for.</summary>
    public Channel? Channel { get; private set; }

    /// <summary>The partition asked for; null: by key.</summary>
    public int? Partition { get; private set; }

    /// <summary>The channel, found or created.</summary>
    /// <exception cref="ProblemException">It may not be created or written to, or has no such partition as asked for.</exception>
    public ValueTask<Channel> OpenAsync() => Channel is { } open ? ValueTask.FromResult(open) : FindOrCreateAsync();

    /// <summary>Refuses what is no channel's name.</summary>
    public static void CheckName(string name)
    {
        if (ChannelName.Fault(name) is { } fault)
        {
            throw new ProblemException(400, "Not a channel's name", fault, "choose another name");
        }
    }

    private async ValueTask<Channel> FindOrCreateAsync()
    {
        var channel = api.Log.Find(name) ?? await CreateAsync();
        if (channel.Source != Embedded)
        {
            throw new ProblemException(409, "The channel is not to be written", $"channel '{name}' is recorded from {channel.Source}", "publish to another channel");
        }

        Partition = AskedPartition(channel.Partitions.Count);
        return Channel = channel;
    }

    private async ValueTask<Channel> CreateAsync()
    {
        if (!api.Config.AutoCreateChannels)
        {
            throw ProblemException.NoChannel(name, $"create it with POST /channels/{name}, or set autoCreateChannels");
        }

        AskedPartition(api.Config.DefaultPartitions);
        try
        {
            var created = await api.Log.CreateChannelAsync(name, api.Config.DefaultPartitions);
            HttpEvents.ChannelCreated(api.Logger, name, api.Config.DefaultPartitions);
            return created;
        }
        catch (ChannelException e) when (e.Fault == ChannelFault.Exists)
        {
            // Somebody else was quicker; who is quicker still and deletes it gets a 404.
            return api.Log.Find(name) ?? throw ProblemException.NoChannel(name, "it was deleted meanwhile: publish again to create it anew");
        }
    }

    private int? AskedPartition(int count)
    {
        if (!request.Query.TryGetValue("partition", out var text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && partition < count
            ? partition
            : throw ProblemException.Parameter("partition", $"channel '{name}' has partitions 0 to {count - 1}, not '{text}'");
    }
}
