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
        string[] mechanisms = exchange.Client.Sasl.IsRequired ? SaslSession.Mechanisms(exchange.Client.IsPrivate) : [];

        // After version 0 tokens would come without the frames of the protocol, from clients of before 2017.
        ErrorCode error = exchange.Version == 0 || exchange.Client.Sasl.IsDone || exchange.Client.Sasl.IsChosen ? ErrorCode.IllegalSaslState
            : !mechanisms.Contains(request.Mechanism) ? ErrorCode.UnsupportedSaslMechanism
            : ErrorCode.None;
        if (error == ErrorCode.None)
        {
            exchange.Client.Sasl.Choose(request.Mechanism);
        }

        exchange.Write(new SaslHandshakeResponse { ErrorCode = exchange.Code(error), Mechanisms = mechanisms });
        return ValueTask.CompletedTask;
    }
}
