using Microsoft.AspNetCore.Connections;

namespace TattleTail.Spew.Connections;

/// <summary>Aborts a connection whose client does not go on in time. One limit holds at a time.</summary>
internal sealed class ConnectionWatch : IDisposable
{
    /// <summary>Longest silence between two requests, as Kafka's <c>connections.max.idle.ms</c>.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private readonly ConnectionContext _connection;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _requestBegan;
    private volatile string _fault = "";

    public ConnectionWatch(ConnectionContext connection, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        _timer = clock.CreateTimer(static watch => ((ConnectionWatch)watch!).Abort(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the connection was aborted; null when it was not.</summary>
    public string? Aborted { get; private set; }

    /// <summary>
    /// How long after its beginning a request may still be on its way when so many bytes of it have come: half a minute, and longer as it comes, at 64 KiB/s. By what has come, not by what
    /// was announced: who announces much and then is silent holds the memory of all for half a minute only.
    /// </summary>
    public static TimeSpan RequestLimit(int received) => TimeSpan.FromSeconds(30 + (received / (64 * 1024)));

    /// <summary>Longest time that a client may take for an answer: a minute and what a line of 64 KiB/s needs.</summary>
    public static TimeSpan SendLimit(long bytes) => TimeSpan.FromSeconds(60 + (bytes / (64 * 1024)));

    /// <summary>Aborts after <paramref name="limit"/> unless something else is expected, or nothing, before.</summary>
    public void Expect(TimeSpan limit, string fault)
    {
        _fault = fault;
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Expects a request to come, from now on.</summary>
    public void ExpectRequest()
    {
        _requestBegan = _clock.GetTimestamp();
        ExpectRequest(0);
    }

    /// <summary>Expects the rest of a request of which so many bytes have come.</summary>
    public void ExpectRequest(int received)
    {
        TimeSpan left = RequestLimit(received) - _clock.GetElapsedTime(_requestBegan);
        Expect(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), "did not finish a request in time");
    }

    /// <summary>Expects nothing of the client.</summary>
    public void Rest() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Abort()
    {
        Aborted = _fault;
        _connection.Abort(new ConnectionAbortedException($"The client {_fault}."));
    }
}
