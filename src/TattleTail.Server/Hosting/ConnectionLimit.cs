using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using TattleTail.Server.Telemetry;

namespace TattleTail.Server.Hosting;

/// <summary>Most connections of all endpoints together; Kestrel's own limit holds for each endpoint alone. Safe for concurrent use.</summary>
internal sealed class ConnectionLimit(int most, ILogger logger)
{
    private int _open;

    /// <summary>Serves a connection with <paramref name="next"/>, or ends it at once when there are too many.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > most)
            {
                NodeEvents.ConnectionNotAccepted(logger, connection.RemoteEndPoint, most);
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
