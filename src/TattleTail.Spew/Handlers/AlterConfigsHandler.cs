using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Gives channels other settings: all of them at once (AlterConfigs, where what is not named gets its default), or some (IncrementalAlterConfigs).</summary>
internal static class AlterConfigsHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        AlterConfigsRequest request = exchange.Read<AlterConfigsRequest>();
        var responses = new AlterConfigsResourceResponse[request.Resources.Length];
        for (int i = 0; i < responses.Length; i++)
        {
            AlterConfigsResource resource = request.Resources[i];
            string? fault = ShapeFault(resource.Configs.Select(c => (c.Name, c.Value is not null)));
            responses[i] = await AlterAsync(exchange, resource.ResourceType, resource.ResourceName, request.ValidateOnly, fault, _ => TopicConfig.Apply(exchange.Node.Log.DefaultConfig, resource.Configs));
        }

        exchange.Write(new AlterConfigsResponse { Responses = responses });
    }

    public static async ValueTask HandleIncrementalAsync(Exchange exchange)
    {
        IncrementalAlterConfigsRequest request = exchange.Read<IncrementalAlterConfigsRequest>();
        var responses = new AlterConfigsResourceResponse[request.Resources.Length];
        for (int i = 0; i < responses.Length; i++)
        {
            IncrementalAlterConfigsResource resource = request.Resources[i];
            string? fault = ShapeFault(resource.Configs.Select(c => (c.Name, c.Value is not null || c.ConfigOperation == IncrementalConfig.Delete)));
            responses[i] = await AlterAsync(exchange, resource.ResourceType, resource.ResourceName, request.ValidateOnly, fault, config => IncrementalConfig.Apply(config, resource.Configs));
        }

        exchange.Write(new IncrementalAlterConfigsResponse { Responses = responses });
    }

    /// <summary>What is wrong with a request whatever the configs are, null when nothing is.</summary>
    private static string? ShapeFault(IEnumerable<(string Name, bool HasValue)> configs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, bool hasValue) in configs)
        {
            if (!seen.Add(name) || !hasValue)
            {
                return hasValue ? $"{name} stands in the request twice." : $"Null value not supported for topic configs: {name}";
            }
        }

        return null;
    }

    private static async ValueTask<AlterConfigsResourceResponse> AlterAsync(
        Exchange exchange, sbyte type, string name, bool validateOnly, string? shapeFault, Func<ChannelConfig, (ChannelConfig Config, string? Fault)> alter)
    {
        ErrorCode error = ErrorCode.None;
        string? message = null;
        if (type != ConfigResources.Topic)
        {
            (error, message) = (ErrorCode.InvalidRequest, "Only the configs of topics can be changed; the node's are in its own configuration.");
        }
        else if (shapeFault is not null)
        {
            (error, message) = (ErrorCode.InvalidRequest, shapeFault);
        }
        else if (ChannelLookup.FindWritable(exchange, name, out error, out message) is { } channel)
        {
            (ChannelConfig config, message) = alter(channel.Config);
            (error, message) = message is not null ? (ErrorCode.InvalidConfig, message)
                : validateOnly ? (ErrorCode.None, null)
                : await SetAsync(exchange, channel, config);
        }

        return new AlterConfigsResourceResponse { ErrorCode = exchange.Code(error), ErrorMessage = message, ResourceType = type, ResourceName = name };
    }

    private static async ValueTask<(ErrorCode Error, string? Message)> SetAsync(Exchange exchange, Channel channel, ChannelConfig config)
    {
        try
        {
            await exchange.Node.Log.ConfigureChannelAsync(channel, config);
            return (ErrorCode.None, null);
        }
        catch (ChannelException fault)
        {
            return (ErrorCode.UnknownTopicOrPartition, fault.Message);
        }
        catch (LogUnavailableException fault)
        {
            return (ErrorCode.RequestTimedOut, fault.Message);
        }
    }
}
