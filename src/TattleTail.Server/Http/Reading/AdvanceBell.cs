using System.Threading.Channels;
using TattleTail.Log;

namespace TattleTail.Server.Http.Reading;

/// <summary>Rings when any of some partitions has something new. Costs no polling.</summary>
internal sealed class AdvanceBell : IDisposable
{
    private readonly Channel<bool> _rings = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly List<IDisposable> _watches = [];

    public AdvanceBell(IEnumerable<LogPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            _watches.Add(partition.OnAdvance(() => _rings.Writer.TryWrite(true)));
        }
    }

    /// <summary>Waits for the next ring; one that rang since the last wait counts.</summary>
    public async ValueTask WaitAsync(CancellationToken cancel) => await _rings.Reader.ReadAsync(cancel);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var watch in _watches)
        {
            watch.Dispose();
        }
    }
}
