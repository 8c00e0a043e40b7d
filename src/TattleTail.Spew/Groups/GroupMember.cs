namespace TattleTail.Spew.Groups;

/// <summary>A member of a group. Guarded by its group's lock.</summary>
internal sealed class GroupMember(string id, string? instanceId)
{
    public string Id { get; private set; } = id;

    /// <summary>The name that it keeps over restarts; null for a dynamic member.</summary>
    public string? InstanceId => instanceId;

    public string ClientId { get; private set; } = "";

    public string ClientHost { get; private set; } = "";

    public TimeSpan SessionTimeout { get; private set; }

    public TimeSpan RebalanceTimeout { get; private set; }

    public MemberProtocol[] Protocols { get; private set; } = [];

    /// <summary>What the leader gave it in this generation.</summary>
    public ReadOnlyMemory<byte> Assignment { get; set; }

    /// <summary>When its silence ends its membership, unless it waits for an answer of ours.</summary>
    public long Deadline { get; private set; }

    /// <summary>The join that waits for the generation to begin.</summary>
    public TaskCompletionSource<JoinResult>? Joining { get; private set; }

    /// <summary>The sync that waits for the leader.</summary>
    public TaskCompletionSource<SyncResult>? Syncing { get; private set; }

    /// <summary>It has joined this generation and not asked for its assignment.</summary>
    public bool OwesSync { get; set; }

    public void Update(JoinRequest request)
    {
        ClientId = request.ClientId;
        ClientHost = request.ClientHost;
        SessionTimeout = request.SessionTimeout;
        RebalanceTimeout = request.RebalanceTimeout;
        Protocols = request.Protocols;
    }

    public bool Speaks(IReadOnlyList<MemberProtocol> protocols)
    {
        if (protocols.Count != Protocols.Length)
        {
            return false;
        }

        for (int i = 0; i < Protocols.Length; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.Span.SequenceEqual(Protocols[i].Metadata.Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What it says in a protocol; empty when it does not speak it.</summary>
    public ReadOnlyMemory<byte> Metadata(string? protocol)
    {
        foreach (MemberProtocol own in Protocols)
        {
            if (own.Name == protocol)
            {
                return own.Metadata;
            }
        }

        return default;
    }

    /// <summary>Bytes that it says, is assigned and is named.</summary>
    public long Bytes => Assignment.Length + Protocols.Sum(p => (long)p.Metadata.Length + p.Name.Length) + Id.Length + ClientId.Length + (InstanceId?.Length ?? 0);

    /// <summary>It was heard.</summary>
    public void Touch(long now) => Deadline = now.Plus(SessionTimeout);

    public bool IsSilent(long now) => Deadline <= now && Joining is null && Syncing is null;

    /// <summary>A restarted static member takes its place under a new id.</summary>
    public void Rename(string id) => Id = id;

    /// <summary>Waits for the generation; an earlier join of the same member is answered as superseded.</summary>
    public Task<JoinResult> AwaitGeneration()
    {
        FinishJoin(new JoinResult(Protocol.ErrorCode.UnknownMemberId, Id));
        Joining = new TaskCompletionSource<JoinResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return Joining.Task;
    }

    /// <summary>Waits for the leader's assignment.</summary>
    public Task<SyncResult> AwaitAssignment()
    {
        FinishSync(SyncResult.Failed(Protocol.ErrorCode.UnknownMemberId));
        Syncing = new TaskCompletionSource<SyncResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return Syncing.Task;
    }

    public void FinishJoin(JoinResult result)
    {
        Joining?.TrySetResult(result);
        Joining = null;
    }

    public void FinishSync(SyncResult result)
    {
        Syncing?.TrySetResult(result);
        Syncing = null;
    }

    /// <summary>Answers whatever it waits for with an error.</summary>
    public void Fail(Protocol.ErrorCode error)
    {
        FinishJoin(new JoinResult(error, Id));
        FinishSync(SyncResult.Failed(error));
    }
}
