using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Net.Http.Headers;
using TattleTail.Access;
using TattleTail.Server.Http.Problems;
using TattleTail.Server.Security;

namespace TattleTail.Server.Http.Access;

/// <summary>Finds out in whose name a request comes: HTTP Basic (RFC 7617), or the token of the data folder as Bearer. Health and metrics are for everybody.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, NodeSecurity security)
{
    private const string Via = "http";

    public async Task InvokeAsync(HttpContext context)
    {
        string? remote = context.Connection.RemoteIpAddress?.ToString();
        Principal principal = await IdentifyAsync(context, remote);
        context.Features.Set(new Visit(principal, Via, remote, security.Authenticator?.Log ?? NullLogger.Instance));
        await next(context);
    }

    private async ValueTask<Principal> IdentifyAsync(HttpContext context, string? remote)
    {
        if (security.Authenticator is not { } authenticator || context.Request.Path.StartsWithSegments("/health") || context.Request.Path == "/metrics" || context.Request.Path == "/")
        {
            return Principal.Anybody;
        }

        string header = context.Request.Headers[HeaderNames.Authorization].ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && security.Token.Is(header["Bearer ".Length..].Trim()))
        {
            return Principal.Anybody;
        }

        if (Basic(header) is not { } login)
        {
            throw Unknown("the request says not who sends it");
        }

        return await authenticator.AuthenticateAsync(login.Name, login.Password, Via, remote, context.RequestAborted) ?? throw Unknown("the name or the password is wrong");
    }

    private static (string Name, string Password)? Basic(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out int length))
        {
            return null;
        }

        string[] parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length == 2 ? (parts[0], parts[1]) : null;
    }

    private static ProblemException Unknown(string detail) =>
        new(401, "Not logged in", detail, "send a user's name and password by HTTP Basic (tattletail: --user NAME, with TATTLETAIL_PASSWORD)") { Challenge = "Basic realm=\"TattleTail\", charset=\"UTF-8\"" };
}
