using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Deletes groups without members, and their commits.</summary>
internal static class DeleteGroupsHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        DeleteGroupsRequest request = exchange.Read<DeleteGroupsRequest>();
        bool isLoaded = await GroupLookup.IsLoadedAsync(exchange);
        var results = new List<DeletableGroupResult>();
        foreach (string name in request.GroupsNames.Distinct(StringComparer.Ordinal))
        {
            ErrorCode error = isLoaded ? await DeleteAsync(exchange, name) : GroupLookup.Unavailable;
            results.Add(new DeletableGroupResult { GroupId = name, ErrorCode = exchange.Code(error) });
        }

        exchange.Write(new DeleteGroupsResponse { Results = [.. results] });
    }

    private static async ValueTask<ErrorCode> DeleteAsync(Exchange exchange, string name)
    {
        if (exchange.Node.Groups.Find(name) is not { } group)
        {
            return ErrorCode.GroupIdNotFound;
        }

        try
        {
            return await exchange.Node.Groups.DeleteAsync(group) ? ErrorCode.None : ErrorCode.NonEmptyGroup;
        }
        catch (LogUnavailableException)
        {
            return GroupLookup.Unavailable;
        }
    }
}
