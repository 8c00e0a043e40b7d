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
        var results = new DeletableGroupResult[request.GroupsNames.Length];
        for (int i = 0; i < results.Length; i++)
        {
            ErrorCode error = isLoaded ? await DeleteAsync(exchange, request.GroupsNames[i]) : GroupLookup.Unavailable;
            results[i] = new DeletableGroupResult { GroupId = request.GroupsNames[i], ErrorCode = exchange.Code(error) };
        }

        exchange.Write(new DeleteGroupsResponse { Results = results });
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
