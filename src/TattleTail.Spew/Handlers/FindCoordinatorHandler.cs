using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>This node coordinates every group. Transactions are refused at once, with the one code that ends every client instead of letting it try again.</summary>
internal static class FindCoordinatorHandler
{
    private const sbyte Group = 0;
    private const sbyte Transaction = 1;

    public static ValueTask HandleAsync(Exchange exchange)
    {
        FindCoordinatorRequest request = exchange.Read<FindCoordinatorRequest>();
        string[] keys = exchange.Version >= 4 ? request.CoordinatorKeys : [request.Key];
        Coordinator[] found = [.. keys.Select(key => Find(exchange, request.KeyType, key))];
        var response = new FindCoordinatorResponse { Coordinators = found };
        if (exchange.Version < 4)
        {
            response.ErrorCode = found[0].ErrorCode;
            response.ErrorMessage = found[0].ErrorMessage;
            response.NodeId = found[0].NodeId;
            response.Host = found[0].Host;
            response.Port = found[0].Port;
        }

        exchange.Write(response);
        return ValueTask.CompletedTask;
    }

    private static Coordinator Find(Exchange exchange, sbyte type, string key) => type switch
    {
        Group => new Coordinator { Key = key, NodeId = exchange.Node.Options.NodeId, Host = exchange.Client.Endpoint.Host, Port = exchange.Client.Endpoint.Port },
        Transaction => Refused(exchange, key, ErrorCode.TransactionalIdAuthorizationFailed, "Transactions are not served."),
        _ => Refused(exchange, key, ErrorCode.InvalidRequest, $"There are no coordinators of type {type}."),
    };

    private static Coordinator Refused(Exchange exchange, string key, ErrorCode error, string message) =>
        new() { Key = key, NodeId = -1, Host = "", Port = -1, ErrorCode = exchange.Code(error), ErrorMessage = message };
}
