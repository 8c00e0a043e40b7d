using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Gives idempotent producers an id of their own. One that comes back with its old id gets a new one, which is as good without transactions.</summary>
internal static class InitProducerIdHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        InitProducerIdRequest request = exchange.Read<InitProducerIdRequest>();
        if (request.TransactionalId is { } transactionalId)
        {
            Refuse(exchange, transactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdAuthorizationFailed);
            return;
        }

        if (request.ProducerId == -1 != (request.ProducerEpoch == -1))
        {
            Refuse(exchange, ErrorCode.InvalidRequest);
            return;
        }

        try
        {
            exchange.Write(new InitProducerIdResponse { ProducerId = await exchange.Node.Log.AllocateProducerIdAsync() });
        }
        catch (LogUnavailableException)
        {
            // Every client asks again after this one.
            Refuse(exchange, ErrorCode.CoordinatorLoadInProgress);
        }
    }

    private static void Refuse(Exchange exchange, ErrorCode error) =>
        exchange.Write(new InitProducerIdResponse { ErrorCode = exchange.Code(error), ProducerId = -1, ProducerEpoch = -1 });
}
