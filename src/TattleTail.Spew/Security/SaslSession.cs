using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TattleTail.Access;

namespace TattleTail.Spew.Security;

/// <summary>
/// The login of one connection: a mechanism is chosen, then tokens go to and fro until the client has proved who it is, or has failed. On a node that knows no users everybody is in at once.
/// Not for concurrent use.
/// </summary>
internal sealed class SaslSession
{
    /// <summary>RFC 4616: the password itself, so only where nobody listens.</summary>
    public const string Plain = "PLAIN";

    private const string Via = "kafka";

    private readonly Authenticator? _authenticator;
    private readonly string _remoteHost;
    private string? _mechanism;
    private ScramExchange? _scram;

    public SaslSession(Authenticator? authenticator, string remoteHost)
    {
        _authenticator = authenticator;
        _remoteHost = remoteHost;
        IsDone = authenticator is null;
        Visit = new Visit(Principal.Anybody, Via, remoteHost, authenticator?.Log ?? NullLogger.Instance);
    }

    /// <summary>The client is logged in, or need not be.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The node knows users.</summary>
    public bool IsRequired => _authenticator is not null;

    /// <summary>A mechanism is chosen, and tokens may come.</summary>
    public bool IsChosen => _mechanism is not null && !IsDone;

    /// <summary>What the client may do.</summary>
    public Visit Visit { get; private set; }

    /// <summary>What can be chosen.</summary>
    public static string[] Mechanisms(bool isPrivate) =>
        isPrivate ? [Plain, ScramMechanism.Sha256.Name, ScramMechanism.Sha512.Name] : [ScramMechanism.Sha256.Name, ScramMechanism.Sha512.Name];

    /// <summary>Chooses one of the mechanisms.</summary>
    public void Choose(string mechanism)
    {
        _mechanism = mechanism;
        _scram = ScramMechanism.Find(mechanism) is { } scram ? _authenticator!.Begin(scram) : null;
    }

    /// <summary>Our answer to a token; null when the login has failed, after the time that this costs.</summary>
    public async ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> token, CancellationToken cancel)
    {
        if (_mechanism == Plain)
        {
            return await AnswerPlainAsync(token, cancel);
        }

        byte[]? answer = _scram!.Answer(token.Span);
        if (answer is null)
        {
            await _authenticator!.FailAsync(_scram.Name, Via, _remoteHost, cancel);
        }
        else if (_scram.Authenticated is { } user)
        {
            LogIn(Principal.Of(user));
        }

        return answer;
    }

    /// <summary>RFC 4616: <c>[authzid] NUL authcid NUL passwd</c>. Nobody acts in another's name.</summary>
    private async ValueTask<byte[]?> AnswerPlainAsync(ReadOnlyMemory<byte> token, CancellationToken cancel)
    {
        string[] parts = Encoding.UTF8.GetString(token.Span).Split('\0');
        if (parts.Length != 3 || (parts[0].Length > 0 && parts[0] != parts[1]))
        {
            await _authenticator!.FailAsync(parts.Length > 1 ? parts[1] : "", Via, _remoteHost, cancel);
            return null;
        }

        if (await _authenticator!.AuthenticateAsync(parts[1], parts[2], Via, _remoteHost, cancel) is not { } principal)
        {
            return null;
        }

        LogIn(principal);
        return [];
    }

    private void LogIn(Principal principal)
    {
        IsDone = true;
        Visit = new Visit(principal, Via, _remoteHost, _authenticator!.Log);
    }
}
