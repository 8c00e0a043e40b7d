using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Notes that a member lives, and tells it to join again when the group rebalances.</summary>
internal static class HeartbeatHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        HeartbeatRequest request = exchange.Read<HeartbeatRequest>();
        var identity = new MemberIdentity(request.MemberId, request.GroupInstanceId);
        ErrorCode error = await GroupLookup.HearAsync(exchange, request.GroupId, (group, now) => group.Heartbeat(identity, request.GenerationId, now));
        exchange.Write(new HeartbeatResponse { ErrorCode = exchange.Code(error) });
    }
}
