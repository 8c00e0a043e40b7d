using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Lists the groups, perhaps only those in some states or of some types. All here are of the classic type.</summary>
internal static class ListGroupsHandler
{
    private const string Classic = "classic";

    public static async ValueTask HandleAsync(Exchange exchange)
    {
        ListGroupsRequest request = exchange.Read<ListGroupsRequest>();
        if (!await GroupLookup.IsLoadedAsync(exchange))
        {
            exchange.Write(new ListGroupsResponse { ErrorCode = exchange.Code(GroupLookup.Unavailable), Groups = [] });
            return;
        }

        IEnumerable<ListedGroup> groups = exchange.Node.Groups.All
            .Select(live => live.Look(group => new ListedGroup { GroupId = group.Name, ProtocolType = group.ProtocolType ?? "", GroupState = group.Phase.ToString(), GroupType = Classic }))
            .Where(group => Wants(request.StatesFilter, group.GroupState) && Wants(request.TypesFilter, group.GroupType))
            .OrderBy(group => group.GroupId, StringComparer.Ordinal);
        exchange.Write(new ListGroupsResponse { Groups = [.. groups] });
    }

    private static bool Wants(string[]? filter, string value) => filter is null or [] || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
