using TattleTail.EndToEnd.Comparison;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.EndToEnd.Crashes;

/// <summary>The real process killed while a group of consumers reads and commits, also while the group is forming anew.</summary>
public sealed class GroupCrashTests : IDisposable
{
    private const int Partitions = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-crash-").FullName;

    [Fact]
    public async Task Group_NodeKilledUnderIt_LosesNoCommitAndGoesOnByItself()
    {
        int kills = Environment.GetEnvironmentVariable("TT_TEST_LONG") is "1" ? 15 : 5;
        using var node = new NodeProcess(Path.Combine(_folder, "data"));
        await node.StartAsync();
        using (var conversation = new Conversation(node.KafkaPort))
        {
            await conversation.CreateAsync(GroupProgress.Topic, Partitions);
        }

        var progress = new GroupProgress();
        using var load = new KafkaLoad(node.KafkaPort, GroupProgress.Topic, burst: 2);
        List<GroupMember> members = [new(node.KafkaPort, progress), new(node.KafkaPort, progress), new(node.KafkaPort, progress, "static")];
        try
        {
            await KillAgainAndAgainAsync(kills, node, progress, members);
            await load.FinishAsync();
            await node.WaitForAsync(() => Task.FromResult(load.Acknowledged.Keys.All(progress.Seen.ContainsKey)), "seen in full", Patience);
            Assert.NotEmpty(load.Acknowledged);
            Assert.True(progress.Faults.IsEmpty, string.Join('\n', progress.Faults));
        }
        finally
        {
            members.ForEach(member => member.Dispose());
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Each second time the group is complete and its members must keep their ids; in between one comes, or goes, just before the kill.</summary>
    private static async Task KillAgainAndAgainAsync(int kills, NodeProcess node, GroupProgress progress, List<GroupMember> members)
    {
        var random = new Random(1);
        await AwaitWorkAsync(node, members);
        for (int kill = 0; kill < kills; kill++)
        {
            string[] before = await MembersAsync(node);
            bool isComplete = kill % 2 == 0;
            if (!isComplete && members.Count == 3)
            {
                members.Add(new GroupMember(node.KafkaPort, progress));
            }
            else if (!isComplete)
            {
                members[0].Dispose();
                members.RemoveAt(0);
            }

            await Task.Delay(random.Next(400));
            node.Kill();
            Dictionary<int, long> committed = new(progress.Committed);
            await node.StartAsync();
            await AssertKeptAsync(node, committed);
            await AwaitWorkAsync(node, members);
            if (isComplete)
            {
                Assert.Equal(before, await MembersAsync(node));
            }
        }
    }

    private static async Task AssertKeptAsync(NodeProcess node, Dictionary<int, long> committed)
    {
        OffsetFetchResponse found = await AskAsync<OffsetFetchRequest, OffsetFetchResponse>(node, 9, new OffsetFetchRequest { Groups = [new OffsetFetchGroup { GroupId = GroupProgress.Group, MemberEpoch = -1 }] });
        Dictionary<int, long> kept = found.Groups.Single().Topics.SelectMany(topic => topic.Partitions).ToDictionary(p => p.PartitionIndex, p => p.CommittedOffset);
        List<KeyValuePair<int, long>> lost = [.. committed.Where(c => kept.GetValueOrDefault(c.Key, -1) < c.Value)];
        Assert.True(lost.Count == 0, $"acknowledged and gone back: {string.Join(", ", lost)}; kept are {string.Join(", ", kept)}; the node said:\n{node.Said}");
    }

    /// <summary>Waits until all are members and each has committed.</summary>
    private static async Task AwaitWorkAsync(NodeProcess node, List<GroupMember> members)
    {
        int[] before = [.. members.Select(member => member.Commits)];
        await node.WaitForAsync(() => Task.FromResult(members.Zip(before).All(pair => pair.First.Commits > pair.Second)), "committed by each member", Patience);
        await node.WaitForAsync(async () => (await MembersAsync(node)).Length == members.Count, "a group of all members", Patience);
    }

    /// <summary>The members of the group when it is stable; none otherwise.</summary>
    private static async Task<string[]> MembersAsync(NodeProcess node)
    {
        DescribeGroupsResponse response = await AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(node, 5, new DescribeGroupsRequest { Groups = [GroupProgress.Group] });
        DescribedGroup group = response.Groups.Single();
        return group.GroupState == "Stable" ? [.. group.Members.Select(member => $"{member.MemberId}/{member.GroupInstanceId}").Order(StringComparer.Ordinal)] : [];
    }

    private static async Task<TResponse> AskAsync<TRequest, TResponse>(NodeProcess node, short version, TRequest request)
        where TRequest : struct, IWire
        where TResponse : struct, IWire
    {
        using var conversation = new Conversation(node.KafkaPort);
        return await conversation.SendAsync<TRequest, TResponse>(version, request);
    }
}
