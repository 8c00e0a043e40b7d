using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TattleTail.Tests;

/// <summary>Certificates for this machine's loopback.</summary>
internal static class TestCertificate
{
    /// <summary>One that signed itself, with its key.</summary>
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 own = SelfSigned("node", key);
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
    }

    /// <summary>One that signed itself, and its key, as PEM files in a folder.</summary>
    public static (string Certificate, string Key) Write(string folder, string name = "node")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = SelfSigned(name, key);
        return (WriteText(folder, $"{name}.crt", certificate.ExportCertificatePem()), WriteText(folder, $"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>One of an intermediate authority, which stands behind it in the file, its key, and the root, which stands in a file of its own.</summary>
    public static (string Certificate, string Key, string Root) WriteChain(string folder)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = SelfSigned("root", rootKey);
        using X509Certificate2 intermediate = Issue(root, Request("intermediate", intermediateKey, isAuthority: true), 1);
        using X509Certificate2 signing = intermediate.CopyWithPrivateKey(intermediateKey);
        using X509Certificate2 leaf = Issue(signing, Request("node", key, isAuthority: false), 2);
        return (
            WriteText(folder, "chain.crt", $"{leaf.ExportCertificatePem()}\n{intermediate.ExportCertificatePem()}\n"),
            WriteText(folder, "chain.key", key.ExportPkcs8PrivateKeyPem()),
            WriteText(folder, "root.crt", root.ExportCertificatePem()));
    }

    private static X509Certificate2 SelfSigned(string name, ECDsa key) =>
        Request(name, key, isAuthority: true).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));

    private static X509Certificate2 Issue(X509Certificate2 issuer, CertificateRequest request, byte serial) => request.Create(issuer, issuer.NotBefore, issuer.NotAfter, [serial]);

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }

    private static string WriteText(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
