using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using TattleTail.Server.Folders;
using TattleTail.Server.Hosting;
using TattleTail.Server.Security;
using TattleTail.Tests;

namespace TattleTail.Server.Tests.Security;

public sealed class EncryptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Node_WithACertificate_IsReachedByWhoTrustsIt()
    {
        var (certificate, key) = TestCertificate.Write(_folder.Path);
        await using TestNode node = await TestNode.StartAsync(c => c with { TlsCertificate = certificate, TlsKey = key });
        Assert.Equal("https", node.Node.HttpAddress.Scheme);

        using HttpClient trusting = NodeHttp.Create(node.Node.HttpAddress, new NodeLogin { Authority = certificate });
        Assert.NotEmpty(await trusting.GetStringAsync(new Uri("health/live", UriKind.Relative)));
        using HttpClient own = node.Node.CreateClient();
        Assert.Contains("channels", await own.GetStringAsync(new Uri("channels", UriKind.Relative)), StringComparison.Ordinal);
        using HttpClient strange = NodeHttp.Create(node.Node.HttpAddress, new NodeLogin());
        await Assert.ThrowsAsync<HttpRequestException>(() => strange.GetStringAsync(new Uri("health/live", UriKind.Relative)));
        using HttpClient pinnedToAnother = NodeHttp.Create(node.Node.HttpAddress, new NodeLogin { Certificate = () => new string('0', 64) });
        await Assert.ThrowsAsync<HttpRequestException>(() => pinnedToAnother.GetStringAsync(new Uri("health/live", UriKind.Relative)));
    }

    [Fact]
    public async Task Node_WithAChain_IsReachedByWhoTrustsOnlyTheRoot()
    {
        var (certificate, key, root) = TestCertificate.WriteChain(_folder.Path);
        await using TestNode node = await TestNode.StartAsync(c => c with { TlsCertificate = certificate, TlsKey = key });

        using HttpClient http = NodeHttp.Create(node.Node.HttpAddress, new NodeLogin { Authority = root });
        Assert.NotEmpty(await http.GetStringAsync(new Uri("health/live", UriKind.Relative)));
        using var kafka = new TcpClient();
        await kafka.ConnectAsync(node.Node.KafkaAddress.Host, node.Node.KafkaAddress.Port);
        using var encrypted = new SslStream(kafka.GetStream());
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        trust.CustomTrustStore.ImportFromPemFile(root);
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
        Assert.True(encrypted.IsAuthenticated);
    }

    [Fact]
    public async Task Certificate_Renewed_IsShownWithoutARestart()
    {
        var (certificate, key) = TestCertificate.Write(_folder.Path);
        var clock = new HandClock();
        using var loggers = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;
        ServerCertificate shown = ServerCertificate.Open(certificate, key, clock, loggers.CreateLogger(""));
        string before = shown.Current.TargetCertificate.Thumbprint;

        var (renewed, renewedKey) = TestCertificate.Write(_folder.Path, "renewed");
        File.Copy(renewed, certificate, overwrite: true);
        File.SetLastWriteTimeUtc(certificate, DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(before, shown.Current.TargetCertificate.Thumbprint);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(before, shown.Current.TargetCertificate.Thumbprint);
        File.Copy(renewedKey, key, overwrite: true);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotEqual(before, shown.Current.TargetCertificate.Thumbprint);

        before = shown.Current.TargetCertificate.Thumbprint;
        await File.WriteAllTextAsync(certificate, "no certificate");
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(before, shown.Current.TargetCertificate.Thumbprint);
    }

    [Fact]
    public async Task Certificate_Renewed_IsTrustedByCommandsOfTheMachine()
    {
        var (certificate, key) = TestCertificate.Write(_folder.Path);
        var clock = new HandClock();
        await using TestNode node = await TestNode.StartAsync(c => c with { TlsCertificate = certificate, TlsKey = key }, clock: clock);
        string? before = DataFolder.FindNode(node.Node.DataFolder.Path)!.Certificate;
        string? Pinned() => DataFolder.FindNode(node.Node.DataFolder.Path)!.Certificate;
        var (renewed, renewedKey) = TestCertificate.Write(_folder.Path, "renewed");
        File.Copy(renewed, certificate, overwrite: true);
        File.Copy(renewedKey, key, overwrite: true);
        File.SetLastWriteTimeUtc(certificate, DateTime.UtcNow.AddMinutes(1));
        clock.Advance(TimeSpan.FromSeconds(11));

        using HttpClient client = NodeHttp.Create(node.Node.HttpAddress, new NodeLogin { Certificate = Pinned });
        using HttpResponseMessage answer = await client.GetAsync(new Uri("health/ready", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.NotEqual(before, Pinned());
    }

    [Fact]
    public async Task Start_WithACertificateThatIsNone_IsRefused()
    {
        string path = Path.Combine(_folder.Path, "none.pem");
        await File.WriteAllTextAsync(path, "nonsense");

        StartException refused = await Assert.ThrowsAsync<StartException>(async () => await TestNode.StartAsync(c => c with { TlsCertificate = path }));

        Assert.Equal(StartFault.Configuration, refused.Fault);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }
}
