namespace TattleTail.Simulation.Checking;

/// <summary>
/// Holds the whole archive against the ledger: hashes (I5), no offset twice (I2), no hole (I3), the bytes as sent (I4), nothing invented (I6), and, when all was sealed, every
/// acknowledged event (I1).
/// </summary>
internal static class ArchiveCheck
{
    public static void Run(ArchiveShelf shelf, Ledger ledger, ChannelBook channels, Findings findings, bool allSealed)
    {
        shelf.Forget();
        var objects = shelf.Objects();
        var table = DeltaTable.Read(objects, findings);
        var rows = new SortedDictionary<(string Channel, int Incarnation, int Partition), List<ArchivedRow>>();
        foreach (var file in table.Files)
        {
            foreach (var row in shelf.Rows(file, objects, findings) ?? [])
            {
                var month = DateTime.UnixEpoch.AddMicroseconds(row.RecordedAt).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
                findings.Require(row.Month == month, "I5", $"{file.Path}: a row recorded in {month} is filed under {row.Month}");
                var key = (row.Channel, row.Incarnation, row.Partition);
                if (!rows.TryGetValue(key, out var list))
                {
                    rows[key] = list = [];
                }

                list.Add(row);
            }
        }

        foreach (var ((name, incarnation, partition), list) in rows)
        {
            if (name.StartsWith('_'))
            {
                continue;
            }

            if (channels.All.FirstOrDefault(channel => channel.Name == name && channel.Incarnation == incarnation) is not { } known)
            {
                findings.Add("I6", $"the archive has rows of {name} incarnation {incarnation}, which is not known");
                continue;
            }

            CheckPartition(list, known, partition, ledger, findings);
        }

        if (allSealed)
        {
            CheckComplete(rows, ledger, channels, findings);
        }
    }

    private static void CheckPartition(List<ArchivedRow> rows, KnownChannel channel, int partition, Ledger ledger, Findings findings)
    {
        var scan = new PartitionScan(ledger, findings, channel.Topic, partition, "archive");
        var recorded = long.MinValue;
        foreach (var row in rows.OrderBy(row => row.Record.Offset))
        {
            scan.Add(row.Record);
            findings.Require(row.RecordedAt >= recorded, "I3", $"archive: recorded_at falls at {channel.Name}/{partition}@{row.Record.Offset}");
            recorded = row.RecordedAt;
        }
    }

    private static void CheckComplete(
        SortedDictionary<(string Channel, int Incarnation, int Partition), List<ArchivedRow>> rows, Ledger ledger, ChannelBook channels, Findings findings)
    {
        foreach (var channel in channels.All)
        {
            for (var partition = 0; partition < channel.Partitions; partition++)
            {
                var there = rows.GetValueOrDefault((channel.Name, channel.Incarnation, partition))?.Select(row => row.Record.Offset).ToHashSet() ?? [];
                foreach (var sent in ledger.Sent)
                {
                    if (sent.Topic == channel.Topic && sent.Partition == partition && (sent.Acknowledged ?? sent.Seen) is { } offset && !there.Contains(offset))
                    {
                        findings.Add("I1", $"{sent.Id} at {channel.Name}/{partition}@{offset} is not in the archive after all was sealed");
                    }
                }
            }
        }
    }
}
