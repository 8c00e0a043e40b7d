using Microsoft.Extensions.Logging;

namespace TattleTail.Access;

/// <summary>What one client may do, asked and logged: a connection of the Kafka protocol, or a request of HTTP. A read is logged once a channel, a refusal too. Not for concurrent use.</summary>
/// <param name="principal">In whose name.</param>
/// <param name="via"><c>kafka</c> or <c>http</c>.</param>
/// <param name="remote">From where.</param>
/// <param name="logger">The access log.</param>
public sealed class Visit(Principal principal, string via, string? remote, ILogger logger)
{
    // A client cannot make it remember, and log, more than this.
    private const int MostNoted = 10_000;

    private readonly HashSet<(string Action, string Channel)> _noted = [];

    /// <summary>In whose name.</summary>
    public Principal Principal => principal;

    /// <summary>Whether a channel may be read. A refusal is logged.</summary>
    public bool MayRead(string channel) => principal.MayRead(channel) || Refuse("read", channel);

    /// <summary>Whether a channel may be published to, created, changed and deleted. A refusal is logged.</summary>
    public bool MayWrite(string channel) => principal.MayWrite(channel) || Refuse("write", channel);

    /// <summary>Whether a channel may be known to exist. A refusal is logged.</summary>
    public bool MaySee(string channel) => principal.MaySee(channel) || Refuse("see", channel);

    /// <summary>Notes that events of a channel are read.</summary>
    public void Reads(string channel)
    {
        if (!principal.IsUnlimited && Note("reads", channel))
        {
            AccessEvents.Reads(logger, principal.Name, channel, via, remote);
        }
    }

    private bool Refuse(string action, string channel)
    {
        if (Note(action, channel))
        {
            AccessEvents.Refused(logger, principal.Name, action, channel, via, remote);
        }

        return false;
    }

    private bool Note(string action, string channel) => _noted.Count < MostNoted && _noted.Add((action, channel));
}
