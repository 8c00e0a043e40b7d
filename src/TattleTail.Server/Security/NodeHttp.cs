using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TattleTail.Server.Security;

/// <summary>How a client of a node's HTTP API shows who it is, and whom it trusts to be the node.</summary>
public sealed record NodeLogin
{
    /// <summary>The user's name; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>The token of the data folder (<see cref="LocalToken"/>); goes before a user.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// Tells the SHA-256, in hex, of the one certificate that is trusted, at each handshake, because a node may show a new one; null: those that the machine, or <see cref="Authority"/>, trusts.
    /// </summary>
    public Func<string?>? Certificate { get; init; }

    /// <summary>A PEM file of certificates that are trusted beside the machine's.</summary>
    public string? Authority { get; init; }
}

/// <summary>Makes HTTP clients of nodes.</summary>
public static class NodeHttp
{
    /// <summary>A client of the node at an address, without a time limit. An <see cref="IOException"/> or <see cref="CryptographicException"/> when the authority's file cannot be used.</summary>
    public static HttpClient Create(Uri address, NodeLogin login)
    {
        ArgumentNullException.ThrowIfNull(login);
#pragma warning disable CA2000 // The client owns its handler.
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), UseProxy = false };
#pragma warning restore CA2000
        Trust(handler, login);
        var client = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = login switch
        {
            { Token: { } token } => new AuthenticationHeaderValue("Bearer", token),
            { User: { } user } => new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{login.Password}"))),
            _ => null,
        };
        return client;
    }

    private static void Trust(SocketsHttpHandler handler, NodeLogin login)
    {
        if (login.Certificate is { } pinned)
        {
#pragma warning disable CA5359 // The one certificate is compared instead.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && certificate.GetCertHashString(HashAlgorithmName.SHA256).Equals(pinned(), StringComparison.OrdinalIgnoreCase);
#pragma warning restore CA5359
        }
        else if (login.Authority is { } file)
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(file);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, shown, errors) =>
                errors == SslPolicyErrors.None || (certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && IsIssuedBy(trusted, certificate, shown));
        }
    }

    private static bool IsIssuedBy(X509Certificate2Collection trusted, X509Certificate certificate, X509Chain? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (shown is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        }

        using var own = new X509Certificate2(certificate);
        return chain.Build(own);
    }
}
