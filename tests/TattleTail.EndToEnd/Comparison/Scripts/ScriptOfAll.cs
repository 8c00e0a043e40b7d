namespace TattleTail.EndToEnd.Comparison;

/// <summary>Everything that is asked of a broker, one after the other. Each part has topics and groups of its own.</summary>
internal static class ScriptOfAll
{
    public static async Task<Transcript> RunAsync(int port)
    {
        using var broker = new Conversation(port);
        await broker.BeginAsync();
        await ClusterScript.RunAsync(broker);
        await TopicScript.RunAsync(broker);
        await TopicChangeScript.RunAsync(broker);
        await ConfigScript.RunAsync(broker);
        await ProduceScript.RunAsync(broker);
        await SequenceScript.RunAsync(broker);
        await FetchScript.RunAsync(broker);
        await OffsetScript.RunAsync(broker);
        await JoinScript.RunAsync(broker);
        await MembershipScript.RunAsync(broker);
        await CommitScript.RunAsync(broker);
        await ClientScript.RunAsync(broker);
        await SequenceScript.TransactionAsync(broker);
        return broker.Transcript;
    }
}
