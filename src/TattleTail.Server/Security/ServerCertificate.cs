using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using TattleTail.Platform;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Security;

/// <summary>The certificate that a node shows, read again when its file has changed; a file that is wrong then changes nothing and is told of. Safe for concurrent use.</summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly WatchedFile<SslStreamCertificateContext> _file;

    private ServerCertificate(string path, string? keyPath, TimeProvider clock, ILogger logger) =>
        _file = new WatchedFile<SslStreamCertificateContext>(path, () => Read(path, keyPath), LookEvery, clock)
        {
            OnRead = certificate =>
            {
                NodeSecurityEvents.CertificateRead(logger, path, certificate.TargetCertificate.NotAfter);
                Renewed?.Invoke();
            },
            OnFault = reason => NodeSecurityEvents.CertificateNotRead(logger, path, reason),
        };

    /// <summary>Called when another certificate was read, before it is shown.</summary>
    public Action? Renewed { get; set; }

    /// <summary>The certificate of now, with its chain.</summary>
    public SslStreamCertificateContext Current => _file.Current;

    /// <summary>Reads a certificate, with its chain, and its key, in the same file or another, in PEM. Throws <see cref="StartException"/>.</summary>
    public static ServerCertificate Open(string path, string? keyPath, TimeProvider clock, ILogger logger)
    {
        try
        {
            return new ServerCertificate(path, keyPath, clock, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartException(
                StartFault.Configuration, $"the certificate {path}{(keyPath is null ? "" : $" with the key {keyPath}")} can't be used ({e.Message}): name a certificate and its key in PEM with tlsCertificate and tlsKey", e);
        }
    }

    private static SslStreamCertificateContext Read(string path, string? keyPath)
    {
        try
        {
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(path, keyPath);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(path);

            // SslStream on Windows takes no key that lives in memory only. Offline: what the file lacks of the chain is not fetched from where the certificate says.
            return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null), chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
