using System.Text;
using System.Text.Json;
using TattleTail.Log.Recovery;
using TattleTail.Storage;

namespace TattleTail.Log.Tests.Recovery;

public class DamageTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(29)]
    public async Task Open_WithAnEntryDamagedBelowWhatWasDurable_ServesTheRestAndNamesTheGap(int damaged)
    {
        await using var folder = new LogFolder { Options = Options };
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        var other = (await log.CreateChannelAsync("other", 1)).Partitions[0];
        for (var i = 0; i < 30; i++)
        {
            await log.AppendEventsAsync(partition, [LogFolder.EventOf($"needle-{i:D3}-")]);
        }

        await log.AppendEventsAsync(other, [LogFolder.EventOf("after")]);
        await log.DisposeAsync();
        Damage(folder.JournalPath, $"needle-{damaged:D3}-");

        log = await folder.OpenAsync();
        partition = log.Find("orders")!.Partitions[0];

        Assert.NotEmpty(log.Recovery.Corruptions);
        Assert.Equal(HealthStatus.Yellow, log.Health.Status);
        Assert.Equal(Enumerable.Range(0, 30).Where(i => i != damaged).Select(i => (long)i), (await LogFolder.ReadAllAsync(log, partition)).Select(e => e.Offset));
        var next = await log.AppendEventsAsync(partition, [LogFolder.EventOf("new")]);
        Assert.True(next.BaseOffset >= 30, "a lost offset is not used again");
        var gaps = await LedgerAsync(log);
        Assert.Contains(gaps, g => g.Channel == "orders" && g.From <= damaged && g.To > damaged);

        log = await folder.ReopenAsync();
        Assert.Equal(gaps.Count, (await LedgerAsync(log)).Count);
        Assert.Equal(30, (await LogFolder.ReadAllAsync(log, log.Find("orders")!.Partitions[0])).Count);
        await Assert.ThrowsAsync<ChannelException>(async () => await log.AppendEventsAsync(log.Find(Ledger.Name)!.Partitions[0], [LogFolder.EventOf("forged")]));
    }

    [Fact]
    public async Task Open_WithTheCreationOfChannelsLost_ServesWhatIsLeftOfThem()
    {
        await using var folder = new LogFolder { Options = Options };
        var log = await folder.OpenAsync();
        await log.CreateChannelAsync("first", 1);
        var wide = (await log.CreateChannelAsync("needle-wide", 400)).Partitions;
        var gone = await log.CreateChannelAsync("needle-gone", 1);
        await log.AppendEventsAsync(wide[0], [LogFolder.EventOf("low")]);
        await log.AppendEventsAsync(wide[399], [LogFolder.EventOf("high")]);
        await log.CloseChannelAsync(gone);
        await log.DisposeAsync();
        Damage(folder.JournalPath, "needle-wide");
        Damage(folder.JournalPath, "needle-gone");

        log = await folder.OpenAsync();

        var lost = log.Find($"{LostChannels.Prefix}2")!.Partitions;
        Assert.Equal(400, lost.Count);
        Assert.Single(await LogFolder.ReadAllAsync(log, lost[0]));
        Assert.Single(await LogFolder.ReadAllAsync(log, lost[399]));
        Assert.Null(log.Find($"{LostChannels.Prefix}3"));
        Assert.NotNull(log.Find("first"));
        Assert.Equal(1, (await log.CreateChannelAsync("needle-gone", 1)).Incarnation);

        log = await folder.ReopenAsync();
        Assert.Equal(400, log.Find($"{LostChannels.Prefix}2")!.Partitions.Count);
    }

    [Fact]
    public async Task Seal_OverAnEntryThatDecayed_SealsTheRestAndNamesTheGap()
    {
        var reachable = false;
        await using var folder = new LogFolder { Options = Options };
        folder.Store = store => reachable ? store : throw new StoreException(StoreError.Unavailable, "not yet");
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        for (var i = 0; i < 5; i++)
        {
            await log.AppendEventsAsync(partition, [LogFolder.EventOf($"needle-{i:D3}-")]);
        }

        Damage(folder.JournalPath, "needle-002-");
        Assert.Equal([0L, 1, 3, 4], (await LogFolder.ReadAllAsync(log, partition)).Select(e => e.Offset));

        reachable = true;
        await LogFolder.UntilAsync(() => log.Archive is not null, "the archive to open");
        await log.SealAsync("orders");

        Assert.Equal(5, partition.SealedThrough);
        Assert.Equal(4, log.Archive!.Files("orders").Sum(f => f.Events));
        Assert.Equal([("orders", 2L, 3L)], await LedgerAsync(log));
    }

    private static LogOptions Options => new() { JournalFolder = "", SegmentBytes = 256 * 1024, CommitInterval = TimeSpan.Zero };

    private static async Task<List<(string Channel, long From, long To)>> LedgerAsync(EventLog log)
    {
        var events = await LogFolder.ReadAllAsync(log, log.Find(Ledger.Name)!.Partitions[0]);
        return [.. events.Select(e =>
        {
            using var json = JsonDocument.Parse(e.Event.Body!.Value);
            return (json.RootElement.GetProperty("channel").GetString()!, json.RootElement.GetProperty("from").GetInt64(), json.RootElement.GetProperty("to").GetInt64());
        })];
    }

    /// <summary>Changes a byte of an event's body where it lies in the journal.</summary>
    private static void Damage(string folder, string needle)
    {
        foreach (var path in Directory.GetFiles(folder))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(needle));
            if (at >= 0)
            {
                file.Position = at;
                file.WriteByte((byte)(bytes[at] ^ 1));
                return;
            }
        }

        Assert.Fail($"no {needle} in the journal");
    }
}
