using System.Security.Cryptography;
using TattleTail.Cli.Configuration;
using TattleTail.Cli.Terminal;
using TattleTail.Server.Configuration;
using TattleTail.Server.Folders;
using TattleTail.Server.Hosting;
using TattleTail.Server.Security;

namespace TattleTail.Cli.Nodes;

/// <summary>The HTTP API of a node: one that runs, or one opened for this command over a data folder that no node is using.</summary>
internal sealed class NodeConnection : IAsyncDisposable
{
    private readonly OfflineNode? _offline;

    private NodeConnection(Uri address, NodeLogin login, OfflineNode? offline)
    {
        _offline = offline;
        try
        {
            Api = new NodeApi(NodeHttp.Create(address, login));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandException(ExitCode.Usage, $"the certificates in {login.Authority} can't be read ({e.Message}): name a PEM file with --ca", e);
        }
    }

    /// <summary>The API.</summary>
    public NodeApi Api { get; }

    /// <summary>Reaches the node, or opens the folder.</summary>
    public static async ValueTask<NodeConnection> OpenAsync(NodeTarget target, CommandConsole console, CancellationToken cancel)
    {
        if (target.Server is { } server)
        {
            return new NodeConnection(Address(server), target.Login, null);
        }

        var config = Load(target, console);
        try
        {
            return Running(config, target.Login) ?? await OfflineAsync(config, cancel);
        }
        catch (StartException fault)
        {
            throw StartFaults.Describe(fault);
        }
    }

    /// <summary>Reaches the node; it must run.</summary>
    public static NodeConnection OpenRunning(NodeTarget target, CommandConsole console)
    {
        if (target.Server is { } server)
        {
            return new NodeConnection(Address(server), target.Login, null);
        }

        var config = Load(target, console);
        try
        {
            return Running(config, target.Login)
                ?? throw new CommandException(ExitCode.Unreachable, $"no node is using {Path.GetFullPath(config.DataFolder)}: start one with 'tattletail up', or name one with --server or --data");
        }
        catch (StartException fault)
        {
            throw StartFaults.Describe(fault);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_offline is not null)
        {
            await _offline.DisposeAsync();
        }
    }

    private static NodeConfig Load(NodeTarget target, CommandConsole console) =>
        Settings.Require(console, target.Config, new Dictionary<string, string?> { ["data"] = target.Data });

    /// <summary>The node that uses the folder. Who can read its token may do everything; who cannot logs in.</summary>
    private static NodeConnection? Running(NodeConfig config, NodeLogin login)
    {
        if (DataFolder.FindNode(config.DataFolder) is not { } node)
        {
            return null;
        }

        Func<string?>? certificate = node.Certificate is null ? null : () => DataFolder.FindNode(config.DataFolder)?.Certificate;
        return node.Http is { } address
            ? new NodeConnection(address, login with { Certificate = certificate, Token = login.User is null ? LocalToken.Read(config.DataFolder) : null }, null)
            : throw new CommandException(ExitCode.Unreachable, $"{Path.GetFullPath(config.DataFolder)} is in use by process {node.ProcessId}, which does not answer (yet): try again in a moment");
    }

    private static async ValueTask<NodeConnection> OfflineAsync(NodeConfig config, CancellationToken cancel)
    {
        var quiet = new NodePorts { LogOutput = TextWriter.Null };
        var offline = await OfflineNode.StartAsync(config, quiet, cancel);
        return new NodeConnection(offline.HttpAddress, new NodeLogin(), offline);
    }

    private static Uri Address(string server)
    {
        var text = server.Contains("://", StringComparison.Ordinal) ? server : $"http://{server}";
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new CommandException(ExitCode.Usage, $"--server '{server}' is not an address: write it as http://127.0.0.1:8080");
    }
}
