using System.Security.Cryptography.X509Certificates;
using System.Text;
using Confluent.Kafka;
using TattleTail.Spew.Tests.Clients;
using TattleTail.Tests;

namespace TattleTail.Spew.Tests.Security;

public sealed class EncryptionTests
{
    [Theory]
    [InlineData(SaslMechanism.Plain)]
    [InlineData(SaslMechanism.ScramSha512)]
    public async Task Client_OverTls_LogsInAndWorks(SaslMechanism mechanism)
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using ProtectedNode node = await ProtectedNode.StartAsync(certificate, ("alice", "pw", ["*"], ["*"]));
        var security = new ClientConfig
        {
            BootstrapServers = node.Node.Bootstrap,
            SecurityProtocol = SecurityProtocol.SaslSsl,
            SslCaPem = certificate.ExportCertificatePem(),
            SaslMechanism = mechanism,
            SaslUsername = "alice",
            SaslPassword = "pw",
        };
        using (IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(security) { MessageTimeoutMs = 20_000 }).SetLogHandler(static (_, _) => { }).Build())
        {
            await producer.ProduceAsync("orders", new Message<byte[], byte[]> { Value = "secret"u8.ToArray() });
        }

        using IConsumer<byte[]?, byte[]?> consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig(security) { GroupId = "g" }).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset("orders", 0, Offset.Beginning));
        Assert.Equal("secret", Encoding.UTF8.GetString(consumer.Take(1)[0].Message.Value!));
    }

    [Fact]
    public async Task Client_ThatDoesNotTrustTheCertificate_OrSpeaksNoTls_GetsNothing()
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using ProtectedNode node = await ProtectedNode.StartAsync(certificate, ("alice", "pw", ["*"], ["*"]));
        foreach (SecurityProtocol protocol in (SecurityProtocol[])[SecurityProtocol.Ssl, SecurityProtocol.Plaintext])
        {
            using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = node.Node.Bootstrap, SecurityProtocol = protocol })
                .SetLogHandler(static (_, _) => { }).Build();
            Assert.Throws<KafkaException>(() => admin.GetMetadata(TimeSpan.FromSeconds(3)));
        }
    }
}
