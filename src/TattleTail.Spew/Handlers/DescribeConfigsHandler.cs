using System.Globalization;
using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Tells the configs of channels and of the node.</summary>
internal static class DescribeConfigsHandler
{
    public static ValueTask HandleAsync(Exchange exchange)
    {
        DescribeConfigsRequest request = exchange.Read<DescribeConfigsRequest>();
        exchange.Write(new DescribeConfigsResponse { Results = [.. request.Resources.Select(resource => Describe(exchange, resource, request.IncludeSynonyms))] });
        return ValueTask.CompletedTask;
    }

    private static DescribeConfigsResult Describe(Exchange exchange, DescribeConfigsResource resource, bool synonyms)
    {
        var result = new DescribeConfigsResult { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName, Configs = [] };
        switch (resource.ResourceType)
        {
            case ConfigResources.Topic:
                if (ChannelLookup.FindVisible(exchange, resource.ResourceName, out ErrorCode error) is { } channel)
                {
                    result.Configs = [.. TopicConfig.Entries.Where(entry => IsAsked(resource, entry.Name)).Select(entry => OfTopic(entry, channel.Config, synonyms))];
                    return result;
                }

                error = error == ErrorCode.UnknownTopicOrPartition && ChannelName.Fault(resource.ResourceName) is not null ? ErrorCode.InvalidTopic : error;
                result.ErrorCode = exchange.Code(error);
                result.ErrorMessage = TopicRefusal.Of(error);
                return result;
            case ConfigResources.Broker when resource.ResourceName == exchange.Node.Options.NodeId.ToString(CultureInfo.InvariantCulture):
                result.Configs = [.. BrokerConfig.Of(exchange.Node.Options).Where(config => IsAsked(resource, config.Name))];
                return result;
            case ConfigResources.Broker when resource.ResourceName.Length == 0:
                // What was set for all brokers alike: nothing can be.
                return result;
            default:
                result.ErrorCode = exchange.Code(ErrorCode.InvalidRequest);
                result.ErrorMessage = $"There are no configs of resource {resource.ResourceName} of type {resource.ResourceType} here.";
                return result;
        }
    }

    private static bool IsAsked(DescribeConfigsResource resource, string name) => resource.ConfigurationKeys is not { Length: > 0 } || resource.ConfigurationKeys.Contains(name, StringComparer.Ordinal);

    private static DescribedConfig OfTopic(TopicConfigEntry entry, ChannelConfig config, bool synonyms)
    {
        var fallback = new DescribedConfigSynonym { Name = entry.Name, Value = entry.Default, Source = TopicConfig.DefaultSource };
        return new DescribedConfig
        {
            Name = entry.Name,
            Value = entry.Value(config),
            ConfigSource = TopicConfig.Source(entry, config),
            ConfigType = (sbyte)entry.Type,
            Synonyms = !synonyms ? []
                : entry.IsSet(config) ? [new DescribedConfigSynonym { Name = entry.Name, Value = entry.Value(config), Source = TopicConfig.OwnSource }, fallback]
                : [fallback],
        };
    }
}
