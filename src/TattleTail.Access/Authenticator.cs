using Microsoft.Extensions.Logging;

namespace TattleTail.Access;

/// <summary>Finds out who somebody is. A wrong password costs a second, as does an unknown name, and few are checked at once. Safe for concurrent use.</summary>
public sealed class Authenticator(LiveUsers users, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>What a failure costs.</summary>
    public static readonly TimeSpan Penalty = TimeSpan.FromSeconds(1);

    // Deriving a key takes milliseconds of a processor: guessing must not take the node's.
    private readonly SemaphoreSlim _checks = new(2);

    /// <summary>The principal of a name and a password, as SASL PLAIN and HTTP Basic give them; null when they do not fit, after a while.</summary>
    public async ValueTask<Principal?> AuthenticateAsync(string name, string password, string via, string? remote, CancellationToken cancel)
    {
        await _checks.WaitAsync(cancel);
        User? user;
        try
        {
            user = users.Current.Authenticate(name, password);
        }
        finally
        {
            _checks.Release();
        }

        if (user is not null)
        {
            return Principal.Of(user);
        }

        await FailAsync(name, via, remote, cancel);
        return null;
    }

    /// <inheritdoc />
    public void Dispose() => _checks.Dispose();

    /// <summary>The access log.</summary>
    public ILogger Log => logger;

    /// <summary>Begins an exchange by SCRAM; who fails it is to be held up by <see cref="FailAsync"/>.</summary>
    public ScramExchange Begin(ScramMechanism mechanism) => users.Current.Begin(mechanism);

    /// <summary>Notes a failure and lets its time pass.</summary>
    public async ValueTask FailAsync(string name, string via, string? remote, CancellationToken cancel)
    {
        AccessEvents.LoginFailed(logger, name, via, remote);
        await Task.Delay(Penalty, clock, cancel);
    }
}
