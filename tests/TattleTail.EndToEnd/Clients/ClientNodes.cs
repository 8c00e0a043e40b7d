using TattleTail.Log;
using TattleTail.Spew;
using TattleTail.Spew.Groups;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Two nodes for the tests of a class, one of which reads everything from Parquet files. Each test has channels of its own; none is created by itself.</summary>
public sealed class ClientNodes : IAsyncLifetime
{
    private static readonly SpewOptions Options = new()
    {
        AutoCreateChannels = false,
        Groups = new GroupOptions { InitialRebalanceDelay = TimeSpan.FromMilliseconds(100), MinSessionTimeout = TimeSpan.FromMilliseconds(500) },
    };

    private SpewTestNode _journal = null!;
    private SpewTestNode _archive = null!;
    private int _names;

    public async ValueTask InitializeAsync()
    {
        _journal = await SpewTestNode.StartAsync(Options);
        _archive = await SpewTestNode.StartAsync(Options, readThroughArchive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await (_journal?.DisposeAsync() ?? default);
        await (_archive?.DisposeAsync() ?? default);
    }

    /// <summary>A name that no other test uses.</summary>
    public string NewName(string about) => $"{about}-{Interlocked.Increment(ref _names)}";

    internal SpewTestNode Node(bool throughArchive) => throughArchive ? _archive : _journal;

    internal async Task<Channel> CreateAsync(bool throughArchive, string about, int partitions = 1, ChannelConfig? config = null) =>
        await Node(throughArchive).Log.CreateChannelAsync(NewName(about), partitions, config);
}
