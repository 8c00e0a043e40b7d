using Microsoft.AspNetCore.Http;
using TattleTail.Access;
using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Access;

/// <summary>What the sender of a request may do.</summary>
internal static class Visits
{
    /// <summary>The sender.</summary>
    public static Visit Visit(this HttpContext context) => context.Features.Get<Visit>() ?? throw new InvalidOperationException("nobody asked who sent the request");

    /// <summary>Refuses a sender who may not read a channel as if there were none.</summary>
    public static void RequireRead(this HttpContext context, string channel)
    {
        if (!context.Visit().MayRead(channel))
        {
            throw ProblemException.NoChannel(channel, "GET /channels lists the channels");
        }
    }

    /// <summary>Refuses a sender who may not write a channel, whether there is one or not.</summary>
    public static void RequireWrite(this HttpContext context, string channel)
    {
        if (!context.Visit().MayWrite(channel))
        {
            throw new ProblemException(403, "Not allowed", $"{context.Visit().Principal.Name} may not write channel '{channel}'", "ask who runs the node for the right: tattletail user grant");
        }
    }
}
