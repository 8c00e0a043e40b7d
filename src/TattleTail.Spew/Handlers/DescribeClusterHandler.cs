using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Describes the cluster of one node.</summary>
internal static class DescribeClusterHandler
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    public static ValueTask HandleAsync(Exchange exchange)
    {
        DescribeClusterRequest request = exchange.Read<DescribeClusterRequest>();
        SpewNode node = exchange.Node;
        bool isForBrokers = exchange.Version == 0 || request.EndpointType == Brokers;
        exchange.Write(new DescribeClusterResponse
        {
            ErrorCode = exchange.Code(isForBrokers ? ErrorCode.None : request.EndpointType == Controllers ? ErrorCode.MismatchedEndpointType : ErrorCode.UnsupportedEndpointType),
            ErrorMessage = isForBrokers ? null : $"There are no endpoints of type {request.EndpointType}.",
            EndpointType = Brokers,
            ClusterId = KafkaUuid.Format(node.Log.ClusterId),
            ControllerId = isForBrokers ? node.Options.NodeId : -1,
            Brokers = isForBrokers ? [new DescribeClusterBroker { BrokerId = node.Options.NodeId, Host = exchange.Client.Endpoint.Host, Port = exchange.Client.Endpoint.Port }] : [],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? MetadataHandler.ClusterOperations : MetadataResponse.OperationsOmitted,
        });
        return ValueTask.CompletedTask;
    }
}
