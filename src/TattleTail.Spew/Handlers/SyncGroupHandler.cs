using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Takes the leader's assignment, and gives each member its own once it is saved.</summary>
internal static class SyncGroupHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        SyncGroupRequest request = exchange.Read<SyncGroupRequest>();
        SyncResult result = await SyncAsync(exchange, request);
        exchange.Write(new SyncGroupResponse { ErrorCode = exchange.Code(result.Error), ProtocolType = result.ProtocolType, ProtocolName = result.Protocol, Assignment = result.Assignment });
    }

    private static async ValueTask<SyncResult> SyncAsync(Exchange exchange, SyncGroupRequest request)
    {
        var assignments = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (SyncGroupAssignment each in request.Assignments)
        {
            assignments[each.MemberId] = each.Assignment;
        }

        if (!exchange.Node.Groups.HasRoom(assignments.Values.Sum(a => (long)a.Length)))
        {
            return SyncResult.Failed(ErrorCode.GroupMaxSizeReached);
        }

        var sync = new SyncRequest(new MemberIdentity(request.MemberId, request.GroupInstanceId), request.GenerationId, request.ProtocolType, request.ProtocolName, assignments);
        Task<SyncResult>? answer = null;
        ErrorCode error = await GroupLookup.AskAsync(exchange, request.GroupId, (group, now) =>
        {
            answer = group.Sync(sync, now);
            return ErrorCode.None;
        });
        return answer is null ? SyncResult.Failed(error) : await answer.WaitAsync(exchange.Client.Ending);
    }
}
