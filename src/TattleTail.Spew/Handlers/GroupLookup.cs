using TattleTail.Log;
using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Handlers;

/// <summary>Groups as requests name them.</summary>
internal static class GroupLookup
{
    /// <summary>Kafka's error when the groups cannot be read, or a change of them not be saved, now: clients ask again.</summary>
    public const ErrorCode Unavailable = ErrorCode.CoordinatorNotAvailable;

    /// <summary>Reads the groups once; false when the log cannot tell now.</summary>
    public static async ValueTask<bool> IsLoadedAsync(Exchange exchange)
    {
        try
        {
            await exchange.Node.Groups.LoadAsync();
            return true;
        }
        catch (LogUnavailableException)
        {
            return false;
        }
    }

    /// <summary>
    /// Asks something of a member's group and gives the answer, or the error that keeps it from being asked: a group that is not known has no such member.
    /// </summary>
    public static ValueTask<ErrorCode> AskAsync(Exchange exchange, string group, Func<Group, long, ErrorCode> question) =>
        WithAsync(exchange, group, live => live.RunAsync(question));

    /// <summary>The same for what is only a sign of life.</summary>
    public static ValueTask<ErrorCode> HearAsync(Exchange exchange, string group, Func<Group, long, ErrorCode> sign) =>
        WithAsync(exchange, group, live => ValueTask.FromResult(live.Hear(sign)));

    private static async ValueTask<ErrorCode> WithAsync(Exchange exchange, string group, Func<LiveGroup, ValueTask<ErrorCode>> ask)
    {
        if (group.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        if (!await IsLoadedAsync(exchange))
        {
            return Unavailable;
        }

        return exchange.Node.Groups.Find(group) is { } live ? await ask(live) : ErrorCode.UnknownMemberId;
    }
}
