using System.Globalization;
using System.Text.Json;

namespace TattleTail.Archive.Delta;

/// <summary>Reads the JSON lines of a version. Actions and members that it does not know are passed over, as the protocol asks.</summary>
internal static class DeltaCommitReader
{
    /// <summary>Reads a version; <see cref="ArchiveFormatException"/> when it is not what a TattleTail wrote.</summary>
    public static DeltaCommit Read(ReadOnlyMemory<byte> content, string name)
    {
        var commit = new DeltaCommit();
        var line = 0;
        try
        {
            for (var rest = content; !rest.IsEmpty;)
            {
                line++;
                var end = rest.Span.IndexOf((byte)'\n');
                var action = end < 0 ? rest : rest[..end];
                rest = end < 0 ? default : rest[(end + 1)..];
                if (!action.Span.Trim(" \r\t"u8).IsEmpty)
                {
                    using var document = JsonDocument.Parse(action);
                    ReadAction(commit, document.RootElement);
                }
            }

            return commit;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new ArchiveFormatException($"{name}, line {line}, is not what TattleTail writes: {e.Message}", e);
        }
    }

    private static void ReadAction(DeltaCommit commit, JsonElement action)
    {
        foreach (var member in action.EnumerateObject())
        {
            switch (member.Name)
            {
                case "commitInfo":
                    commit.CommitId = member.Value.TryGetProperty("txnId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
                    break;
                case "protocol":
                    ReadProtocol(commit, member.Value);
                    break;
                case "metaData":
                    commit.ChangesTable = true;
                    commit.SchemaString = member.Value.GetProperty("schemaString").GetString();
                    break;
                case "txn":
                    ReadTxn(commit, member.Value);
                    break;
                case "add":
                    commit.Adds.Add(ReadAdd(member.Value));
                    break;
                case "remove":
                    commit.Removes.Add(member.Value.GetProperty("path").GetString()!);
                    break;
                default:
                    break;
            }
        }
    }

    private static void ReadProtocol(DeltaCommit commit, JsonElement protocol)
    {
        commit.ChangesTable = true;
        commit.ReaderVersion = protocol.GetProperty("minReaderVersion").GetInt32();
        commit.WriterVersion = protocol.GetProperty("minWriterVersion").GetInt32();
        if (protocol.TryGetProperty("writerFeatures", out var features) && features.ValueKind == JsonValueKind.Array)
        {
            commit.WriterFeatures.AddRange(features.EnumerateArray().Select(f => f.GetString()!));
        }
    }

    private static void ReadTxn(DeltaCommit commit, JsonElement txn)
    {
        var parts = txn.GetProperty("appId").GetString()!.Split('/');
        if (parts is ["tattletail", var topic, var partition])
        {
            commit.Txns.Add(new TxnAction(Guid.ParseExact(topic, "D"), int.Parse(partition, CultureInfo.InvariantCulture), txn.GetProperty("version").GetInt64()));
        }
    }

    private static AddAction ReadAdd(JsonElement add)
    {
        var values = add.GetProperty("partitionValues");
        var tags = add.GetProperty("tags").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetString()!);
        var file = FileTags.Parse(
            add.GetProperty("path").GetString()!, add.GetProperty("size").GetInt64(), values.GetProperty("channel").GetString()!, values.GetProperty("recorded_month").GetString()!, tags);
        return new AddAction(file, add.GetProperty("stats").GetString()!);
    }
}
