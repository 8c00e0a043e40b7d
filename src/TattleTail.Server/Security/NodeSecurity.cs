using Microsoft.Extensions.Logging;
using TattleTail.Access;
using TattleTail.Server.Configuration;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Security;

/// <summary>Who may reach a node, and how it is reached: its users and its certificate, when it has them.</summary>
internal sealed class NodeSecurity : IDisposable
{
    private NodeSecurity(Authenticator? authenticator, ServerCertificate? certificate, LocalToken token)
    {
        Authenticator = authenticator;
        Certificate = certificate;
        Token = token;
    }

    /// <summary>Knows the users; null: everybody may do everything.</summary>
    public Authenticator? Authenticator { get; }

    /// <summary>What TLS shows; null: there is no TLS.</summary>
    public ServerCertificate? Certificate { get; }

    /// <summary>Lets commands in that can read the data folder.</summary>
    public LocalToken Token { get; }

    /// <summary>Reads the files that the configuration names. Throws <see cref="StartException"/>.</summary>
    public static NodeSecurity Open(NodeConfig config, TimeProvider clock, ILoggerFactory loggers)
    {
        ILogger log = loggers.CreateLogger("TattleTail.Access");
        ServerCertificate? certificate = config.TlsCertificate is { } path ? ServerCertificate.Open(path, config.TlsKey, clock, log) : null;
        try
        {
            return new NodeSecurity(config.Users is { } users ? new Authenticator(new LiveUsers(users, clock, log), clock, log) : null, certificate, new LocalToken());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartException(StartFault.Configuration, $"the users in {config.Users} can't be read ({e.Message}): 'tattletail user add' writes that file", e);
        }
    }

    /// <summary>Nobody is asked, and nothing encrypted: for a node of one command's own.</summary>
    public static NodeSecurity None() => new(null, null, new LocalToken());

    /// <inheritdoc />
    public void Dispose() => Authenticator?.Dispose();
}
