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
            responses[i] = await AlterAsync(exchange, resource.ResourceType, resource.ResourceName, request.ValidateOnly, _ => TopicConfig.Apply(exchange.Node.Log.DefaultConfig, resource.Configs));
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
            responses[i] = await AlterAsync(exchange, resource.ResourceType, resource.ResourceName, request.ValidateOnly, config => IncrementalConfig.Apply(config, resource.Configs));
        }

        exchange.Write(new IncrementalAlterConfigsResponse { Responses = responses });
    }

    private static async ValueTask<AlterConfigsResourceResponse> AlterAsync(
        Exchange exchange, sbyte type, string name, bool validateOnly, Func<ChannelConfig, (ChannelConfig Config, string? Fault)> alter)
    {
        ErrorCode error = ErrorCode.None;
        string? message = null;
        if (type != ConfigResources.Topic)
        {
            (error, message) = (ErrorCode.InvalidRequest, "Only the configs of topics can be changed; the node's are in its own configuration.");
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
