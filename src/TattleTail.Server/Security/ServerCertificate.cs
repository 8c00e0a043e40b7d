using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Security;

/// <summary>The certificate that a node shows, read again when its file has changed; a file that is wrong then changes nothing and is told of. Safe for concurrent use.</summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly string? _keyPath;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private SslStreamCertificateContext _current;
    private DateTime _changed;
    private long _lookedAt;

    private ServerCertificate(string path, string? keyPath, TimeProvider clock, ILogger logger)
    {
        _path = path;
        _keyPath = keyPath;
        _clock = clock;
        _logger = logger;
        _changed = File.GetLastWriteTimeUtc(path);
        _lookedAt = clock.GetTimestamp();
        _current = Read();
    }

    /// <summary>The certificate of now, with its chain.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_clock.GetElapsedTime(_lookedAt) >= LookEvery)
                {
                    _lookedAt = _clock.GetTimestamp();
                    Look();
                }

                return _current;
            }
        }
    }

    /// <summary>Reads a certificate, with its chain, and its key, in the same file or another, in PEM. Throws <see cref="StartException"/>.</summary>
    public static ServerCertificate Open(string path, string? keyPath, TimeProvider clock, ILogger logger)
    {
        try
        {
            return new ServerCertificate(path, keyPath, clock, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new StartException(
                StartFault.Configuration, $"the certificate {path}{(keyPath is null ? "" : $" with the key {keyPath}")} can't be used ({e.Message}): name a certificate and its key in PEM with tlsCertificate and tlsKey", e);
        }
    }

    private SslStreamCertificateContext Read()
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(_path, _keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_path);

        // SslStream on Windows takes no key that lives in memory only. Offline: what the file lacks of the chain is not fetched from where the certificate says.
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null), chain, offline: true);
    }

    private void Look()
    {
        try
        {
            DateTime changed = File.GetLastWriteTimeUtc(_path);
            if (changed != _changed)
            {
                _current = Read();
                _changed = changed;
                NodeSecurityEvents.CertificateRead(_logger, _path, _current.TargetCertificate.NotAfter);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            NodeSecurityEvents.CertificateNotRead(_logger, _path, e.Message);
        }
    }
}
