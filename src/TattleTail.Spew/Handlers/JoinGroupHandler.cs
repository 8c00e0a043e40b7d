using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Takes members into a group's next generation. The answer waits for the generation to begin.</summary>
internal static class JoinGroupHandler
{
    /// <summary>First version in which a first join only hands out a member id (KIP-394).</summary>
    private const short KnownIds = 4;

    /// <summary>First version whose clients understand that a leader need not assign (KIP-814).</summary>
    private const short SkippedAssignments = 9;

    public static async ValueTask HandleAsync(Exchange exchange)
    {
        JoinGroupRequest request = exchange.Read<JoinGroupRequest>();
        JoinResult result = await JoinAsync(exchange, request);
        exchange.Write(new JoinGroupResponse
        {
            ErrorCode = exchange.Code(result.Error),
            GenerationId = result.Generation,
            ProtocolType = result.ProtocolType,
            // Before version 7 the name could not be null.
            ProtocolName = result.Protocol ?? (exchange.Version >= 7 ? null : ""),
            Leader = result.Leader,
            SkipAssignment = result.SkipAssignment,
            MemberId = result.MemberId,
            Members = [.. result.Members.Select(m => new JoinGroupMember { MemberId = m.MemberId, GroupInstanceId = m.InstanceId, Metadata = m.Metadata })],
        });
    }

    private static async ValueTask<JoinResult> JoinAsync(Exchange exchange, JoinGroupRequest request)
    {
        GroupCoordinator groups = exchange.Node.Groups;
        ErrorCode error = Check(groups.Options, request);
        if (error == ErrorCode.None && !await GroupLookup.IsLoadedAsync(exchange))
        {
            error = GroupLookup.Unavailable;
        }

        if (error != ErrorCode.None)
        {
            return new JoinResult(error, request.MemberId);
        }

        // Only who comes for the first time makes a group.
        if ((request.MemberId.Length > 0 ? groups.Find(request.GroupId) : groups.FindOrMake(request.GroupId)) is not { } group)
        {
            return new JoinResult(request.MemberId.Length > 0 ? ErrorCode.UnknownMemberId : ErrorCode.GroupMaxSizeReached, request.MemberId);
        }

        if (!groups.HasRoom(request.Protocols.Sum(p => (long)p.Metadata.Length)))
        {
            return new JoinResult(ErrorCode.GroupMaxSizeReached, request.MemberId);
        }

        JoinRequest join = ToJoin(exchange, request);
        string freshId = $"{request.GroupInstanceId ?? join.ClientId}-{Guid.NewGuid()}";
        return await (await group.RunAsync((g, now) => g.Join(join, freshId, now))).WaitAsync(exchange.Client.Ending);
    }

    private static ErrorCode Check(GroupOptions options, JoinGroupRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        var session = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        return session < options.MinSessionTimeout || session > options.MaxSessionTimeout ? ErrorCode.InvalidSessionTimeout : ErrorCode.None;
    }

    private static JoinRequest ToJoin(Exchange exchange, JoinGroupRequest request) => new(
        new MemberIdentity(request.MemberId, request.GroupInstanceId),
        exchange.ClientId ?? "",
        $"/{exchange.Client.RemoteHost}",
        TimeSpan.FromMilliseconds(request.SessionTimeoutMs),
        TimeSpan.FromMilliseconds(exchange.Version >= 1 ? Math.Max(0, request.RebalanceTimeoutMs) : request.SessionTimeoutMs),
        request.ProtocolType,
        [.. request.Protocols.Select(p => new MemberProtocol(p.Name, p.Metadata))],
        exchange.Version >= KnownIds,
        exchange.Version >= SkippedAssignments);
}
