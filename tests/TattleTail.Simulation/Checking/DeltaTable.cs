using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace TattleTail.Simulation.Checking;

/// <summary>A live file as the transaction log tells of it.</summary>
internal sealed record ListedFile(string Path, long Size, string? Sha256, long? Records);

/// <summary>
/// The checker's own reading of the table: every commit from the first, the live files, and how far each partition is sealed. From the Delta protocol, section "Actions", and
/// the documented use of <c>tags</c> and <c>txn</c>.
/// </summary>
internal sealed class DeltaTable
{
    private readonly SortedDictionary<string, ListedFile> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _transactions = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ListedFile> Files => _files.Values;

    /// <summary>Application ids of <c>txn</c> actions and their newest versions.</summary>
    public IReadOnlyDictionary<string, long> Transactions => _transactions;

    public long Commits { get; private set; }

    /// <summary>Reads the commits; what is wrong with them goes to the findings.</summary>
    public static DeltaTable Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> objects, Findings findings)
    {
        var table = new DeltaTable();
        var commits = objects.Keys
            .Where(name => name.StartsWith("_delta_log/", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal) && name.Length == 36)
            .Order(StringComparer.Ordinal);
        foreach (var name in commits)
        {
            var expected = string.Create(CultureInfo.InvariantCulture, $"_delta_log/{table.Commits:D20}.json");
            findings.Require(name == expected, "I5", $"commit {expected} is missing before {name}");
            foreach (var line in System.Text.Encoding.UTF8.GetString(objects[name].Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                table.Apply(line, name, findings);
            }

            table.Commits++;
        }

        return table;
    }

    /// <summary>A listed file's rows; null when it is not what the log says.</summary>
    public static IReadOnlyList<ArchivedRow>? ReadFile(ListedFile file, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> objects, Findings findings)
    {
        if (!objects.TryGetValue(file.Path, out var bytes))
        {
            findings.Add("I5", $"{file.Path} is in the table and not in the store");
            return null;
        }

        findings.Require(bytes.Length == file.Size, "I5", $"{file.Path} has {bytes.Length} bytes and is listed with {file.Size}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (file.Sha256 != hash)
        {
            findings.Add("I5", $"{file.Path} has SHA-256 {hash} and is listed with {file.Sha256 ?? "none"}");
            return null;
        }

        try
        {
            var rows = ParquetRows.Read(bytes.ToArray());
            findings.Require(file.Records == rows.Count, "I5", $"{file.Path} has {rows.Count} rows and is listed with {file.Records}");
            return rows;
        }
        catch (Exception error) when (error is ParquetSharp.ParquetException or FormatException or KeyNotFoundException)
        {
            findings.Add("I5", $"{file.Path} does not open: {error.Message}");
            return null;
        }
    }

    private void Apply(string line, string commit, Findings findings)
    {
        using var json = JsonDocument.Parse(line);
        foreach (var action in json.RootElement.EnumerateObject())
        {
            switch (action.Name)
            {
                case "add":
                    var added = Listed(action.Value);
                    findings.Require(_files.TryAdd(added.Path, added), "I5", $"{commit} adds {added.Path}, which is live already");
                    break;
                case "remove":
                    var path = action.Value.GetProperty("path").GetString()!;
                    findings.Require(_files.Remove(path), "I5", $"{commit} removes {path}, which is not live");
                    break;
                case "txn":
                    var id = action.Value.GetProperty("appId").GetString()!;
                    var version = action.Value.GetProperty("version").GetInt64();
                    findings.Require(version >= _transactions.GetValueOrDefault(id), "I2", $"{commit} takes {id} back to {version}");
                    _transactions[id] = version;
                    break;
            }
        }
    }

    private static ListedFile Listed(JsonElement add)
    {
        long? records = null;
        if (add.TryGetProperty("stats", out var stats) && stats.GetString() is { } text)
        {
            using var parsed = JsonDocument.Parse(text);
            records = parsed.RootElement.GetProperty("numRecords").GetInt64();
        }

        string? hash = null;
        foreach (var tag in add.GetProperty("tags").EnumerateObject())
        {
            hash = tag.Name.Contains("sha256", StringComparison.OrdinalIgnoreCase) ? tag.Value.GetString() : hash;
        }

        return new ListedFile(add.GetProperty("path").GetString()!, add.GetProperty("size").GetInt64(), hash, records);
    }
}
