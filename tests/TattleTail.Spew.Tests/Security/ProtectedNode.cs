using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using TattleTail.Access;
using TattleTail.Tests;

namespace TattleTail.Spew.Tests.Security;

/// <summary>A node that knows users, and its access log.</summary>
internal sealed class ProtectedNode : IAsyncDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"tattletail-users-{Guid.NewGuid():N}.json");
    private readonly AccessLines _log = new();
    private Authenticator _authenticator = null!;

    public SpewTestNode Node { get; private set; } = null!;

    public IReadOnlyCollection<string> Log => [.. _log.Lines];

    public static Task<ProtectedNode> StartAsync(params (string Name, string Password, string[] Read, string[] Write)[] users) => StartAsync(null, users);

    public static async Task<ProtectedNode> StartAsync(X509Certificate2? certificate, params (string Name, string Password, string[] Read, string[] Write)[] users)
    {
        var node = new ProtectedNode();
        File.WriteAllText(node._path, UsersFile.Write(users.Select(u => TestUser.Make(u.Name, u.Password, u.Read, u.Write))));
        node._authenticator = new Authenticator(new LiveUsers(node._path, TimeProvider.System, node._log), TimeProvider.System, node._log);
        node.Node = await SpewTestNode.StartAsync(authenticator: node._authenticator, certificate: certificate);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _authenticator.Dispose();
        File.Delete(_path);
    }

    private sealed class AccessLines : ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));
    }
}
