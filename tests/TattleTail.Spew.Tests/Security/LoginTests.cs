using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests.Clients;
using SpewError = TattleTail.Spew.Protocol.ErrorCode;

namespace TattleTail.Spew.Tests.Security;

public sealed class LoginTests
{
    private static readonly (string, string, string[], string[]) Alice = ("alice", "correct horse", ["orders.*"], ["orders.*", "inbox"]);
    private static readonly (string, string, string[], string[]) Root = ("root", "battery staple", ["*"], ["*"]);

    [Theory]
    [InlineData(SaslMechanism.Plain)]
    [InlineData(SaslMechanism.ScramSha256)]
    [InlineData(SaslMechanism.ScramSha512)]
    public async Task Client_WithItsPassword_DoesWhatItMay(SaslMechanism mechanism)
    {
        await using ProtectedNode node = await ProtectedNode.StartAsync(Alice, Root);
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(node.Node.Bootstrap, c => As(c, mechanism, "alice", "correct horse"));

        await producer.ProduceAsync("orders.eu", new Message<byte[]?, byte[]?> { Value = "hello"u8.ToArray() });

        using IConsumer<byte[]?, byte[]?> consumer = Consumer(node, mechanism, "alice", "correct horse");
        consumer.Assign(new TopicPartitionOffset("orders.eu", 0, Offset.Beginning));
        Assert.Equal("hello", Encoding.UTF8.GetString(consumer.Take(1)[0].Message.Value!));
        Assert.Contains(node.Log, line => line.StartsWith("alice reads orders.eu via kafka from 127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_BeyondItsPatterns_IsRefusedAndSeesNothing()
    {
        await using ProtectedNode node = await ProtectedNode.StartAsync(Alice, Root);
        await node.Node.Log.CreateChannelAsync("secret", 1);
        await node.Node.Log.CreateChannelAsync("orders.eu", 1);
        await node.Node.Log.CreateChannelAsync("inbox", 1);
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(node.Node.Bootstrap, c => As(c, SaslMechanism.ScramSha512, "alice", "correct horse"));

        foreach (string channel in (string[])["secret", "never-made"])
        {
            ProduceException<byte[]?, byte[]?> refused = await Assert.ThrowsAsync<ProduceException<byte[]?, byte[]?>>(
                () => producer.ProduceAsync(new TopicPartition(channel, 0), new Message<byte[]?, byte[]?> { Value = [1] }));
            Assert.Equal(Confluent.Kafka.ErrorCode.TopicAuthorizationFailed, refused.Error.Code);
        }

        using IAdminClient admin = new AdminClientBuilder(As(new AdminClientConfig { BootstrapServers = node.Node.Bootstrap }, SaslMechanism.ScramSha512, "alice", "correct horse"))
            .SetLogHandler(static (_, _) => { }).Build();
        Assert.Equal(["inbox", "orders.eu"], admin.GetMetadata(TimeSpan.FromSeconds(20)).Topics.Select(t => t.Topic).Order());
        await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync(["secret"]));
        await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([new TopicSpecification { Name = "mine", NumPartitions = 1 }]));
        Assert.Null(node.Node.Log.Find("never-made"));
        Assert.NotNull(node.Node.Log.Find("secret"));

        foreach (string channel in (string[])["inbox", "secret", "never-made"])
        {
            using IConsumer<byte[]?, byte[]?> consumer = Consumer(node, SaslMechanism.Plain, "alice", "correct horse");
            if (channel == "inbox")
            {
                consumer.Assign(new TopicPartitionOffset(channel, 0, 0));
            }
            else
            {
                // With an assignment librdkafka waits without a word for a topic that metadata refuses.
                consumer.Subscribe(channel);
            }

            ConsumeException refused = Assert.Throws<ConsumeException>(() => consumer.Take(1));
            Assert.Equal(Confluent.Kafka.ErrorCode.TopicAuthorizationFailed, refused.Error.Code);
        }

        Assert.Contains(node.Log, line => line.StartsWith("Refused alice to see secret", StringComparison.Ordinal));
        Assert.Contains(node.Log, line => line.StartsWith("Refused alice to read inbox", StringComparison.Ordinal));
        Assert.Contains(node.Log, line => line.StartsWith("Refused alice to write secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-256")]
    public async Task Login_WithAWrongPasswordOrName_CostsTimeAndIsAnsweredAlike(string mechanism)
    {
        await using ProtectedNode node = await ProtectedNode.StartAsync(Alice);

        (string Answer, TimeSpan Took) wrong = await TryAsync(node, mechanism, "alice", "wrong");
        (string Answer, TimeSpan Took) unknown = await TryAsync(node, mechanism, "nobody", "wrong");

        Assert.Contains("Authentication failed", wrong.Answer, StringComparison.Ordinal);
        Assert.Equal(wrong.Answer, unknown.Answer);
        Assert.True(wrong.Took >= TimeSpan.FromSeconds(0.95) && unknown.Took >= TimeSpan.FromSeconds(0.95), $"{wrong.Took} and {unknown.Took}");
        Assert.Equal(2, node.Log.Count(line => line.StartsWith("Login as ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Request_BeforeTheLogin_EndsTheConnection_AndNoOther()
    {
        await using ProtectedNode node = await ProtectedNode.StartAsync(Alice);
        using KafkaSocket socket = await KafkaSocket.ConnectAsync(node.Node.Port);
        Assert.NotEmpty((await AskAsync<ApiVersionsRequest, ApiVersionsResponse>(socket, 18, 0, default)).ApiKeys);

        await Assert.ThrowsAnyAsync<IOException>(() => socket.MetadataAsync(8, false, "orders.eu"));
        Assert.Contains(node.Node.Lines.Lines, line => line.Contains("it asked for Metadata before it logged in", StringComparison.Ordinal));

        using KafkaSocket tokens = await KafkaSocket.ConnectAsync(node.Node.Port);
        SaslAuthenticateResponse early = await AskAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(tokens, 36, 0, new SaslAuthenticateRequest { AuthBytes = new byte[] { 1 } });
        Assert.Equal((short)SpewError.IllegalSaslState, early.ErrorCode);
        Assert.Null(await tokens.ReceiveAsync());
    }

    [Fact]
    public async Task Delete_ByTheIdOfWhatMayNotBeSeen_IsAnsweredAsThatOfNothing()
    {
        await using ProtectedNode node = await ProtectedNode.StartAsync(Alice);
        await node.Node.Log.CreateChannelAsync("secret", 1);
        using KafkaSocket socket = await KafkaSocket.ConnectAsync(node.Node.Port);
        await AskAsync<SaslHandshakeRequest, SaslHandshakeResponse>(socket, 17, 1, new SaslHandshakeRequest { Mechanism = "PLAIN" });
        await AskAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(socket, 36, 1, new SaslAuthenticateRequest { AuthBytes = "\0alice\0correct horse"u8.ToArray() });

        DeletableTopicResult[] results = await socket.DeleteAsync(new DeleteTopicState { TopicId = node.Node.Log.Find("secret")!.TopicId }, new DeleteTopicState { TopicId = Guid.NewGuid() });

        Assert.Equal((SpewError.UnknownTopicId, results[1].ErrorMessage, null), ((SpewError)results[0].ErrorCode, results[0].ErrorMessage, results[0].Name));
        Assert.NotNull(node.Node.Log.Find("secret"));
    }

    [Theory]
    [InlineData(0, "PLAIN", SpewError.IllegalSaslState)]
    [InlineData(1, "GSSAPI", SpewError.UnsupportedSaslMechanism)]
    [InlineData(1, "PLAIN", SpewError.None)]
    public async Task Handshake_OffersWhatThereIs(short version, string mechanism, object error)
    {
        await using ProtectedNode node = await ProtectedNode.StartAsync(Alice);
        using KafkaSocket socket = await KafkaSocket.ConnectAsync(node.Node.Port);

        SaslHandshakeResponse answer = await AskAsync<SaslHandshakeRequest, SaslHandshakeResponse>(socket, 17, version, new SaslHandshakeRequest { Mechanism = mechanism });

        Assert.Equal((SpewError)error, (SpewError)answer.ErrorCode);
        Assert.Equal(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], answer.Mechanisms);
    }

    private static async Task<(string Answer, TimeSpan Took)> TryAsync(ProtectedNode node, string mechanism, string name, string password)
    {
        using KafkaSocket socket = await KafkaSocket.ConnectAsync(node.Node.Port);
        await AskAsync<SaslHandshakeRequest, SaslHandshakeResponse>(socket, 17, 1, new SaslHandshakeRequest { Mechanism = mechanism });
        byte[] token = Encoding.UTF8.GetBytes($"\0{name}\0{password}");
        if (mechanism != "PLAIN")
        {
            SaslAuthenticateResponse challenge = await AskAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(
                socket, 36, 1, new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes($"n,,n={name},r=abc") });
            string nonce = Encoding.UTF8.GetString(challenge.AuthBytes.Span).Split(',')[0];
            token = Encoding.UTF8.GetBytes($"c=biws,{nonce},p={Convert.ToBase64String(new byte[32])}");
        }

        long started = Stopwatch.GetTimestamp();
        SaslAuthenticateResponse answer = await AskAsync<SaslAuthenticateRequest, SaslAuthenticateResponse>(socket, 36, 1, new SaslAuthenticateRequest { AuthBytes = token });
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        Assert.Null(await socket.ReceiveAsync());
        return ($"{answer.ErrorCode} {answer.ErrorMessage}", took);
    }

    private static Task<TResponse> AskAsync<TRequest, TResponse>(KafkaSocket socket, short api, short version, TRequest request)
        where TRequest : struct, IWire
        where TResponse : struct, IWire => socket.AskAsync<TRequest, TResponse>(api, version, request, flexible: false, taggedHeader: false);

    private static IConsumer<byte[]?, byte[]?> Consumer(ProtectedNode node, SaslMechanism mechanism, string name, string password) =>
        new ConsumerBuilder<byte[]?, byte[]?>(As(new ConsumerConfig { BootstrapServers = node.Node.Bootstrap, GroupId = "g", EnableAutoCommit = false }, mechanism, name, password))
            .SetLogHandler(static (_, _) => { }).Build();

    private static T As<T>(T config, SaslMechanism mechanism, string name, string password)
        where T : ClientConfig
    {
        config.SecurityProtocol = SecurityProtocol.SaslPlaintext;
        config.SaslMechanism = mechanism;
        config.SaslUsername = name;
        config.SaslPassword = password;
        return config;
    }
}
