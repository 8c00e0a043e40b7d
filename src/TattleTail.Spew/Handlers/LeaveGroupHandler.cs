using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Lets members go: one up to version 2, a list from version 3.</summary>
internal static class LeaveGroupHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        LeaveGroupRequest request = exchange.Read<LeaveGroupRequest>();
        if (exchange.Version < 3)
        {
            ErrorCode error = await LeaveAsync(exchange, request.GroupId, new MemberIdentity(request.MemberId, null));
            exchange.Write(new LeaveGroupResponse { ErrorCode = exchange.Code(error) });
            return;
        }

        if (request.GroupId.Length == 0 || !await GroupLookup.IsLoadedAsync(exchange))
        {
            exchange.Write(new LeaveGroupResponse { ErrorCode = exchange.Code(request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId : GroupLookup.Unavailable), Members = [] });
            return;
        }

        var left = new LeaveGroupMemberResponse[request.Members.Length];
        for (int i = 0; i < left.Length; i++)
        {
            LeaveGroupMember member = request.Members[i];
            ErrorCode error = await LeaveAsync(exchange, request.GroupId, new MemberIdentity(member.MemberId, member.GroupInstanceId));
            left[i] = new LeaveGroupMemberResponse { MemberId = member.MemberId, GroupInstanceId = member.GroupInstanceId, ErrorCode = exchange.Code(error) };
        }

        exchange.Write(new LeaveGroupResponse { Members = left });
    }

    private static ValueTask<ErrorCode> LeaveAsync(Exchange exchange, string group, MemberIdentity identity) =>
        GroupLookup.AskAsync(exchange, group, (g, now) => g.Leave(identity, now));
}
