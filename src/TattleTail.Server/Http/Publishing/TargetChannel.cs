using System.Globalization;
using Microsoft.AspNetCore.Http;
using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Publishing;

/// <summary>The channel and partition that a request publishes to.</summary>
internal static class TargetChannel
{
    private const string Embedded = "spew";

    /// <summary>Finds the channel, or creates it when that is allowed.</summary>
    public static async ValueTask<Channel> FindOrCreateAsync(ApiContext api, string name)
    {
        CheckName(name);
        if (api.Log.Find(name) is { } found)
        {
            return found.Source == Embedded ? found
                : throw new ProblemException(409, "The channel is not to be written", $"channel '{name}' is recorded from {found.Source}", "publish to another channel");
        }

        if (!api.Config.AutoCreateChannels)
        {
            throw ProblemException.NoChannel(name, $"create it with POST /channels/{name}, or set autoCreateChannels");
        }

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

    /// <summary>The partition asked for; null: by key.</summary>
    public static int? Partition(HttpRequest request, Channel channel)
    {
        if (!request.Query.TryGetValue("partition", out var text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && partition < channel.Partitions.Count
            ? partition
            : throw ProblemException.Parameter("partition", $"channel '{channel.Name}' has partitions 0 to {channel.Partitions.Count - 1}, not '{text}'");
    }

    /// <summary>Refuses what is no channel's name.</summary>
    public static void CheckName(string name)
    {
        if (ChannelName.Fault(name) is { } fault)
        {
            throw new ProblemException(400, "Not a channel's name", fault, "choose another name");
        }
    }
}
