using TattleTail.Server.Configuration;

namespace TattleTail.Server.Tests.Configuration;

public sealed class NodeConfigLoaderTests : IDisposable
{
    private static readonly Dictionary<string, string?> None = [];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Keys => [.. NodeSettings.All.Select(s => s.Key)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NothingGiven_IsTheDefaults()
    {
        var result = NodeConfigLoader.Load(File("{}"), None, None);

        Assert.Empty(result.Faults);
        Assert.Equal(new NodeConfig() with { Origins = result.Config!.Origins }, result.Config);
        Assert.All(result.Config.Redacted(), s => Assert.Equal("default", s.Origin));
    }

    [Fact]
    public void Load_AllLayers_LaterWins()
    {
        var file = File("""{ "data": "from-file", "sealAge": "1m", "kafka": "127.0.0.1:1" }""");
        var environment = new Dictionary<string, string?> { ["TATTLETAIL_SEAL_AGE"] = "2m", ["TATTLETAIL_KAFKA"] = "127.0.0.1:2", ["PATH"] = "/bin" };
        var flags = new Dictionary<string, string?> { ["kafka"] = "127.0.0.1:3", ["http"] = null };

        var config = NodeConfigLoader.Load(file, environment, flags).Config!;

        Assert.Equal(("from-file", TimeSpan.FromMinutes(2), 3), (config.DataFolder, config.SealAge, config.Kafka.Port));
        var shown = config.Redacted().ToDictionary(s => s.Key);
        Assert.Equal(("127.0.0.1:3", "--kafka"), (shown["kafka"].Value, shown["kafka"].Origin));
        Assert.Equal(("2m", "TATTLETAIL_SEAL_AGE"), (shown["sealAge"].Value, shown["sealAge"].Origin));
        Assert.Equal($"{file}, line 1", shown["data"].Origin);
    }

    [Fact]
    public void Load_ManyFaults_NamesThemAllAtOnce()
    {
        var file = File("{\n \"kafak\": \"127.0.0.1:9092\",\n \"sealAge\": \"soon\",\n \"insecure\": \"perhaps\" }");
        var environment = new Dictionary<string, string?> { ["TATTLETAIL_SEAL_BYTE"] = "1", ["TATTLETAIL_LOG_LEVEL"] = "loud" };
        var flags = new Dictionary<string, string?> { ["http"] = "8080", ["dat"] = "x" };

        var result = NodeConfigLoader.Load(file, environment, flags);

        Assert.Null(result.Config);
        string[] expected =
        [
            $"{file}, line 2: there is no setting 'kafak': did you mean kafka?",
            $"{file}, line 3: sealAge can't be 'soon': it is a number with ms, s, m, h or d, such as 5m",
            $"{file}, line 4: insecure can't be 'perhaps': it is true or false",
            "TATTLETAIL_LOG_LEVEL: logLevel can't be 'loud': it is one of trace, debug, information, warning, error, critical, none",
            "TATTLETAIL_SEAL_BYTE: there is no such setting: did you mean TATTLETAIL_SEAL_BYTES?",
            "flag: there is no setting 'dat': did you mean data?",
            "--http: http can't be '8080': an address is HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:9092",
        ];
        Assert.Equal(expected, result.Faults.Select(f => f.ToString()));
    }

    [Theory]
    [InlineData("{ \"data\": ", "not valid JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("", "not valid JSON")]
    [InlineData("{} {}", "not valid JSON")]
    [InlineData("{ \"data\": \"a\", \"data\": \"b\" }", "stands there twice")]
    [InlineData("{ \"data\": null }", "neither text, number, true nor false")]
    [InlineData("{ \"data\": { \"path\": 1 } }", "neither text, number, true nor false")]
    [InlineData("{ \"data\": [1, 2], \"http\": 1 }", "http can't be '1'")]
    public void Load_FileIsWrong_SaysWhere(string content, string expected)
    {
        var result = NodeConfigLoader.Load(File(content), None, None);

        Assert.Contains(result.Faults, f => f.ToString().Contains(expected, StringComparison.Ordinal) && f.Where.Contains("tattletail.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NamedFileIsMissing_IsAFault()
    {
        var result = NodeConfigLoader.Load(Path.Combine(_folder.Path, "absent.json"), None, None);

        Assert.Contains("can't be read", Assert.Single(result.Faults).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileHasCommentsAndByteOrderMark_IsRead()
    {
        var config = NodeConfigLoader.Load(File("\uFEFF{ // mine\n \"$schema\": \"x\", \"defaultPartitions\": 3, }"), None, None).Config;

        Assert.Equal(3, config?.DefaultPartitions);
    }

    [Theory]
    [InlineData("0.0.0.0:9092")]
    [InlineData("[::]:9092")]
    [InlineData("*:9092")]
    [InlineData("192.168.1.7:9092")]
    [InlineData("kafka.example.org:9092")]
    public void Load_AddressBeyondLoopback_IsRefusedUnlessInsecure(string address)
    {
        var flags = new Dictionary<string, string?> { ["kafka"] = address };

        var refused = NodeConfigLoader.Load(File("{}"), None, flags);
        var accepted = NodeConfigLoader.Load(File("{}"), None, new Dictionary<string, string?>(flags) { ["insecure"] = "true" });

        Assert.Contains("--insecure", Assert.Single(refused.Faults).WhatToDo, StringComparison.Ordinal);
        Assert.NotNull(accepted.Config);
    }

    [Theory]
    [InlineData("0.0.0.0:9092")]
    [InlineData("example.org:0")]
    public void Load_AdvertisedAddressCannotBeReached_IsAFault(string address)
    {
        var result = NodeConfigLoader.Load(File("{}"), None, new Dictionary<string, string?> { ["kafkaAdvertise"] = address });

        Assert.Equal("--kafka-advertise", Assert.Single(result.Faults).Where);
    }

    [Fact]
    public void Load_BothEndpointsOnOneAddress_IsAFault()
    {
        var result = NodeConfigLoader.Load(File("{}"), None, new Dictionary<string, string?> { ["http"] = "127.0.0.1:9092" });

        Assert.Contains("one port", Assert.Single(result.Faults).What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Setting_ShownValue_ReadsBackTheSame(string key)
    {
        var setting = NodeSettings.All.Single(s => s.Key == key);
        var config = new NodeConfig { KafkaAdvertise = new HostPort("::1", 9), Archive = "elsewhere", Users = "users.json", TlsCertificate = "node.crt", TlsKey = "node.key" };

        var again = setting.Apply(new NodeConfig(), setting.Show(config)!, out var fault);

        Assert.Null(fault);
        Assert.Equal(setting.Show(config), setting.Show(again!));
    }

    [Theory]
    [InlineData("sealBytes", "128MiB", "128MiB")]
    [InlineData("sealBytes", "1048576", "1MiB")]
    [InlineData("sealBytes", "1048577", "1048577")]
    [InlineData("sealBytes", "1048575", null)]
    [InlineData("sealBytes", "4GiB", "4GiB")]
    [InlineData("sealBytes", "4097MiB", null)]
    [InlineData("sealBytes", "99999999999GiB", null)]
    [InlineData("sealBytes", "-1", null)]
    [InlineData("sealBytes", "1.5GiB", null)]
    [InlineData("sealAge", "999ms", null)]
    [InlineData("sealAge", "1s", "1s")]
    [InlineData("sealAge", "30d", "30d")]
    [InlineData("sealAge", "31d", null)]
    [InlineData("sealAge", "99999999999999d", null)]
    [InlineData("trimDelay", "0s", "0ms")]
    [InlineData("defaultPartitions", "0", null)]
    [InlineData("defaultPartitions", "10000", "10000")]
    [InlineData("defaultPartitions", "10001", null)]
    [InlineData("nodeName", "a/b", null)]
    [InlineData("data", "", null)]
    public void Setting_AtItsLimits_IsHeldToThem(string key, string given, string? shown)
    {
        var setting = NodeSettings.All.Single(s => s.Key == key);

        var config = setting.Apply(new NodeConfig(), given, out var fault);

        Assert.Equal(shown, config is null ? null : setting.Show(config));
        Assert.Equal(shown is null, fault is not null);
    }

    [Fact]
    public void Assembly_SecretByFlag_IsRefusedAndNeverShown()
    {
        var secret = new NodeSetting<string>("apiSecret", "A secret.", new TextType(t => t.Length < 3 ? "it is longer" : null), c => c.NodeName, (c, v) => c with { NodeName = v }, isSecret: true);
        var assembly = new ConfigAssembly([secret]);

        assembly.SetFlag("apiSecret", "hunter2");
        assembly.SetVariable("TATTLETAIL_API_SECRET", "x!");

        var faults = assembly.Finish(null).Faults.Select(f => f.ToString()).ToList();
        Assert.Null(secret.Flag);
        Assert.Contains("can't be given by flag", faults[0], StringComparison.Ordinal);
        Assert.DoesNotContain(faults, f => f.Contains("hunter2", StringComparison.Ordinal) || f.Contains("x!", StringComparison.Ordinal));
    }

    private string File(string content)
    {
        var path = Path.Combine(_folder.Path, "tattletail.json");
        System.IO.File.WriteAllText(path, content);
        return path;
    }
}
