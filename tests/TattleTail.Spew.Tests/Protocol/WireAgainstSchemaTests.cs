using TattleTail.Spew.Protocol;
using TattleTail.Spew.Tests.Schemas;

namespace TattleTail.Spew.Tests.Protocol;

public sealed class WireAgainstSchemaTests
{
    private const int MessagesEach = 60;

    [Fact]
    public void Message_RandomOfEveryVersion_ReadsAndWritesWhatTheSchemaSays() => ForEach((wire, schema, version, random) =>
    {
        bool flexible = schema.Flexible.Contains(version);
        Dictionary<string, object?> values = Random(schema, version, random);
        byte[] plain = new SchemaEncoder(schema, version, tagSource: null).Encode(values);

        object read = wire.Read(plain, version, flexible);

        SchemaComparison.AssertSame(wire.Schema, schema.Fields, version, values, read);
        AssertBytes(wire, version, plain, wire.Write(read, version, flexible));
    });

    [Fact]
    public void Request_OfAVersionThatLacksAField_HasItsDefault() => ForEach((wire, schema, version, random) =>
    {
        if (!wire.Schema.EndsWith("Request", StringComparison.Ordinal))
        {
            return;
        }

        byte[] bytes = new SchemaEncoder(schema, version, tagSource: null).Encode(Random(schema, version, random));

        SchemaComparison.AssertDefaults(wire.Schema, schema.Fields, version, wire.Read(bytes, version, schema.Flexible.Contains(version)));
    });

    [Fact]
    public void Message_WithTaggedFields_StepsOverThem() => ForEach((wire, schema, version, random) =>
    {
        bool flexible = schema.Flexible.Contains(version);
        Dictionary<string, object?> values = Random(schema, version, random);
        byte[] plain = new SchemaEncoder(schema, version, tagSource: null).Encode(values);
        byte[] tagged = new SchemaEncoder(schema, version, random).Encode(values);

        AssertBytes(wire, version, plain, wire.Write(wire.Read(tagged, version, flexible), version, flexible));
    });

    [Fact]
    public void Message_TruncatedOrDamaged_IsMalformedOrReadable() => ForEach((wire, schema, version, random) =>
    {
        bool flexible = schema.Flexible.Contains(version);
        byte[] whole = new SchemaEncoder(schema, version, random).Encode(Random(schema, version, random));
        if (whole.Length == 0)
        {
            return;
        }

        Assert.Throws<MalformedFrameException>(() => wire.Read(whole[..random.Next(whole.Length)], version, flexible));

        whole[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
        try
        {
            wire.Read(whole, version, flexible);
        }
        catch (Exception fault) when (fault is MalformedFrameException or Xunit.Sdk.EqualException)
        {
            // Refused, or read with bytes left over: both are answers. Any other exception fails the test.
        }
    });

    [Fact]
    public void RequestHeader_RandomOfEveryVersion_ReadsWhatTheSchemaSays()
    {
        Assert.SkipUnless(MessageSchema.Folder is not null, SkipReason);
        MessageSchema schema = MessageSchema.Load("RequestHeader");
        var random = new Random(7);
        for (int i = 0; i < 500; i++)
        {
            int version = 1 + (i % 2);
            Dictionary<string, object?> values = Random(schema, version, random);
            byte[] bytes = new SchemaEncoder(schema, version, random).Encode(values);

            RequestHeader header = RequestHeader.Read(bytes, flexible: version == 2, out int size);

            Assert.Equal(bytes.Length, size);
            Assert.Equal(values["RequestApiKey"], header.ApiKey);
            Assert.Equal(values["RequestApiVersion"], header.Version);
            Assert.Equal(values["CorrelationId"], header.CorrelationId);
            Assert.Equal(values["ClientId"], header.ClientId);
        }
    }

    private static string SkipReason =>
        $"needs Kafka's message schemas: set {MessageSchema.FolderVariable} to a folder of them (common/message/*.json in the kafka-clients jar)";

    private static Dictionary<string, object?> Random(MessageSchema schema, int version, Random random) =>
        new RandomMessage(random, version, nullRecords: schema.Name != "FetchResponse").Structure(schema.Fields);

    private static void AssertBytes(WireCase wire, short version, byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{wire.Schema} {version} was written otherwise than the schema says");

    private static void ForEach(Action<WireCase, MessageSchema, short, Random> check)
    {
        Assert.SkipUnless(MessageSchema.Folder is not null, SkipReason);
        foreach (WireCase wire in WireCase.All)
        {
            MessageSchema schema = MessageSchema.Load(wire.Schema);
            for (short version = wire.First; version <= wire.Last; version++)
            {
                for (int i = 0; i < MessagesEach; i++)
                {
                    check(wire, schema, version, new Random((version * 1000) + i));
                }
            }
        }
    }
}
