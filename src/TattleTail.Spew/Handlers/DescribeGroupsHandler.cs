using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Describes groups and their members. A group that is not known is described as dead, without an error, as Kafka does up to version 5.</summary>
internal static class DescribeGroupsHandler
{
    // Bit n is operation n of Kafka's AclOperation. Group: READ 3, DELETE 6, DESCRIBE 8.
    private const int GroupOperations = 0b1_0100_1000;

    public static async ValueTask HandleAsync(Exchange exchange)
    {
        DescribeGroupsRequest request = exchange.Read<DescribeGroupsRequest>();
        bool isLoaded = await GroupLookup.IsLoadedAsync(exchange);
        int operations = request.IncludeAuthorizedOperations ? GroupOperations : MetadataResponse.OperationsOmitted;
        exchange.Write(new DescribeGroupsResponse
        {
            Groups = [.. request.Groups.Select(name => (isLoaded ? Describe(exchange, name) : Unknown(exchange, name, GroupLookup.Unavailable)) with { AuthorizedOperations = operations })],
        });
    }

    private static DescribedGroup Describe(Exchange exchange, string name) =>
        exchange.Node.Groups.Find(name)?.Look(group => (DescribedGroup?)Describe(group)) ?? Unknown(exchange, name, ErrorCode.None);

    private static DescribedGroup Unknown(Exchange exchange, string name, ErrorCode error) => new()
    {
        ErrorCode = exchange.Code(error),
        GroupId = name,
        GroupState = error == ErrorCode.None ? nameof(GroupPhase.Dead) : "",
        ProtocolType = "",
        ProtocolData = "",
        Members = [],
    };

    private static DescribedGroup Describe(Group group)
    {
        // In between there is no protocol to speak of; members still have the assignment of the generation before.
        bool isStable = group.Phase == GroupPhase.Stable;
        return new DescribedGroup
        {
            GroupId = group.Name,
            GroupState = group.Phase.ToString(),
            ProtocolType = group.ProtocolType ?? "",
            ProtocolData = isStable ? group.Protocol ?? "" : "",
            Members =
            [
                .. group.Members.All.Select(member => new DescribedGroupMember
                {
                    MemberId = member.Id,
                    GroupInstanceId = member.InstanceId,
                    ClientId = member.ClientId,
                    ClientHost = member.ClientHost,
                    MemberMetadata = isStable ? member.Metadata(group.Protocol) : default,
                    MemberAssignment = member.Assignment,
                }),
            ],
        };
    }
}
