using System.Text.RegularExpressions;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Tells what the node speaks.</summary>
internal static partial class ApiVersionsHandler
{
    private static readonly ApiVersionRange[] Ranges = [.. ApiTable.Apis.Select(Range)];

    public static ValueTask HandleAsync(Exchange exchange)
    {
        if (!ApiTable.Find(ApiTable.ApiVersionsKey)!.Serves(exchange.Version))
        {
            // A client newer than the node learns from a body of version 0, which every client reads, which version to ask in (KIP-511).
            exchange.Write(
                new ApiVersionsResponse
                {
                    ErrorCode = exchange.Code(ErrorCode.UnsupportedVersion),
                    ApiKeys = [Range(ApiTable.Find(ApiTable.ApiVersionsKey)!)],
                },
                version: 0);
            return ValueTask.CompletedTask;
        }

        ApiVersionsRequest request = exchange.Read<ApiVersionsRequest>();
        bool named = exchange.Version < 3 || (SoftwareName().IsMatch(request.ClientSoftwareName!) && SoftwareName().IsMatch(request.ClientSoftwareVersion!));
        exchange.Write(new ApiVersionsResponse
        {
            ErrorCode = exchange.Code(named ? ErrorCode.None : ErrorCode.InvalidRequest),
            ApiKeys = named ? Ranges : [],
        });
        return ValueTask.CompletedTask;
    }

    private static ApiVersionRange Range(Api api) => new() { ApiKey = api.Key, MinVersion = api.First, MaxVersion = api.Last };

    // As Kafka's ApiVersionsRequest checks names and versions (KIP-511).
    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SoftwareName();
}
