using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using TattleTail.Log;
using TattleTail.Log.Groups;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Consumer groups of clients of other languages.</summary>
public sealed class ClientGroupTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Group_OfTwo_SharesThePartitions_AndAMemberThatDiesLeavesItsOnesToTheOther(string name, bool throughArchive)
    {
        Channel channel = await nodes.CreateAsync(throughArchive, "shared", partitions: 4);
        string group = nodes.NewName("group");
        await AppendAsync(channel, throughArchive, 0, 40);
        await using Member one = await JoinAsync(name, throughArchive, channel, group);
        await using Member two = await JoinAsync(name, throughArchive, channel, group);
        await HoldsAsync(() => one.Assigned.Length == 2 && two.Assigned.Length == 2, () => $"two partitions each, not {one} and {two}");
        await HoldsAsync(() => one.Seen.Concat(two.Seen).Distinct().Count() == 40, () => $"all events, not {one} and {two}");

        two.Kill();
        await HoldsAsync(() => one.Assigned.Length == 4, () => $"the partitions of the dead member, not {one}");
        await AppendAsync(channel, throughArchive, 40, 40);
        await HoldsAsync(() => Enumerable.Range(40, 40).All(one.Seen.Contains), () => $"what came later, not {one}");

        Assert.Equal([0, 1, 2, 3], one.Assigned);
        await one.LeaveAsync();
    }

    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Group_ThatLeftAndComesBack_GoesOnWhereItCommitted(string name, bool throughArchive)
    {
        Channel channel = await nodes.CreateAsync(throughArchive, "resumed");
        string group = nodes.NewName("group");
        await AppendAsync(channel, throughArchive, 0, 10);
        await using (Member first = await JoinAsync(name, throughArchive, channel, group))
        {
            await HoldsAsync(() => first.Seen.Count == 10, () => $"ten events, not {first}");
            await first.LeaveAsync();
        }

        await AppendAsync(channel, throughArchive, 10, 5);
        await using Member second = await JoinAsync(name, throughArchive, channel, group);
        await HoldsAsync(() => second.Seen.Contains(14), () => $"five more events, not {second}");
        await second.LeaveAsync();

        Assert.Equal(Enumerable.Range(10, 5), second.Seen);
        CommittedOffset commit = Assert.Single(await nodes.Node(throughArchive).Log.Groups.CommitsAsync(group));
        Assert.Equal((channel.Partitions[0], 15), (commit.Partition, commit.Offset));
    }

    private async Task AppendAsync(Channel channel, bool throughArchive, int from, int count)
    {
        foreach (IGrouping<int, int> part in Enumerable.Range(from, count).GroupBy(i => i % channel.Partitions.Count))
        {
            await nodes.Node(throughArchive).Log.AppendEventsAsync(channel.Partitions[part.Key], [.. part.Select(i => ClientEvents.Text($"{i}", i))]);
        }
    }

    private async Task<Member> JoinAsync(string name, bool throughArchive, Channel channel, string group)
    {
        SpewTestNode node = nodes.Node(throughArchive);
        ClientSession session = ClientSession.Start(ScriptedClient.Named(name), node.Bootstrap, "member");
        await session.SendAsync(new { topic = channel.Name, group, session = 2_000, commit = true });
        return new Member(session);
    }

    private static async Task HoldsAsync(Func<bool> condition, Func<string> what)
    {
        DateTime deadline = DateTime.UtcNow + Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited in vain for {what()}");
            await Task.Delay(20);
        }
    }

    /// <summary>A member and what it has told so far.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private readonly ClientSession _session;
        private readonly Task _listening;
        private readonly ConcurrentQueue<int> _seen = new();
        private volatile int[] _assigned = [];

        public Member(ClientSession session)
        {
            _session = session;
            _listening = ListenAsync();
        }

        public int[] Assigned => _assigned;

        public ConcurrentQueue<int> Seen => _seen;

        public void Kill() => _session.Kill();

        public async Task LeaveAsync()
        {
            await _session.EndAsync();
            await _listening;
        }

        public ValueTask DisposeAsync() => _session.DisposeAsync();

        public override string ToString() => $"[{string.Join(',', _assigned)}] with {_seen.Count} events";

        private async Task ListenAsync()
        {
            while (await _session.ReadForeverAsync() is { } line)
            {
                if (line["assigned"] is JsonArray assigned)
                {
                    _assigned = [.. assigned.Select(p => p!.GetValue<int>())];
                }
                else
                {
                    _seen.Enqueue(int.Parse(Convert.FromBase64String(line["value"]!.GetValue<string>()), CultureInfo.InvariantCulture));
                }
            }
        }
    }
}
