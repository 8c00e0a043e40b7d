using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Carries the tokens of a login. One that fails is told so, after a while and without saying why, and the connection ends.</summary>
internal static class SaslAuthenticateHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        SaslAuthenticateRequest request = exchange.Read<SaslAuthenticateRequest>();
        if (!exchange.Client.Sasl.IsChosen)
        {
            Refuse(exchange, ErrorCode.IllegalSaslState, "A login begins with SaslHandshake.");
            return;
        }

        byte[]? answer = await exchange.Client.Sasl.AnswerAsync(request.AuthBytes, exchange.Client.Ending);
        if (answer is null)
        {
            Refuse(exchange, ErrorCode.SaslAuthenticationFailed, "Authentication failed: the name or the password is wrong.");
            return;
        }

        exchange.Write(new SaslAuthenticateResponse { AuthBytes = answer });
    }

    private static void Refuse(Exchange exchange, ErrorCode error, string message)
    {
        exchange.Write(new SaslAuthenticateResponse { ErrorCode = exchange.Code(error), ErrorMessage = message });
        exchange.CloseAfterwards();
    }
}
