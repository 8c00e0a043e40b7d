using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Security;

/// <summary>What a client may send before it is logged in.</summary>
internal static class BeforeLogin
{
    /// <summary>Largest request.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    /// <summary>Throws <see cref="MalformedFrameException"/> for a request that only who is logged in may make.</summary>
    public static void Check(SaslSession session, Api api)
    {
        if (!session.IsDone && api.Key is not (ApiTable.ApiVersionsKey or ApiTable.SaslHandshakeKey or ApiTable.SaslAuthenticateKey))
        {
            throw new MalformedFrameException($"it asked for {api.Name} before it logged in");
        }
    }
}
