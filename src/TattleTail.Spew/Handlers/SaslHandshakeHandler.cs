using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Security;

namespace TattleTail.Spew.Handlers;

/// <summary>Lets the client choose how to log in.</summary>
internal static class SaslHandshakeHandler
{
    public static ValueTask HandleAsync(Exchange exchange)
    {
        SaslHandshakeRequest request = exchange.Read<SaslHandshakeRequest>();
        string[] mechanisms = exchange.Sasl.IsRequired ? SaslSession.Mechanisms(exchange.IsPrivate) : [];

        // After version 0 tokens would come without the frames of the protocol, from clients of before 2017.
        ErrorCode error = exchange.Version == 0 || exchange.Sasl.IsDone || exchange.Sasl.IsChosen ? ErrorCode.IllegalSaslState
            : !mechanisms.Contains(request.Mechanism) ? ErrorCode.UnsupportedSaslMechanism
            : ErrorCode.None;
        if (error == ErrorCode.None)
        {
            exchange.Sasl.Choose(request.Mechanism);
        }

        exchange.Write(new SaslHandshakeResponse { ErrorCode = exchange.Code(error), Mechanisms = mechanisms });
        return ValueTask.CompletedTask;
    }
}
